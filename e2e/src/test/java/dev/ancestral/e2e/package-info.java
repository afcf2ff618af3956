/**
 * The product as a person meets it: every command in a process of its own, on the class path that
 * the launcher gives it, and nothing shared between them but the run, the bundle and a port.
 *
 * <p>{@link dev.ancestral.e2e.Commands} runs them. What one module can show alone belongs to that
 * module's tests.
 */
@NullMarked
package dev.ancestral.e2e;

import org.jspecify.annotations.NullMarked;
