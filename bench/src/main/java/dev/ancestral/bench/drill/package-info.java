/**
 * Drills: what a server is put through that nobody measures, with a verdict. The scripts in {@code
 * bench/drills} run them.
 */
@NullMarked
package dev.ancestral.bench.drill;

import org.jspecify.annotations.NullMarked;
