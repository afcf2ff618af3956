/**
 * The product as processes: its launcher, servers on free ports of the loopback interface, and the
 * bundle they serve when nobody gives one. Every process is ended by its own handle, also when the
 * benchmark is interrupted.
 *
 * <p>Start with {@link dev.ancestral.bench.process.Launcher}.
 */
@NullMarked
package dev.ancestral.bench.process;

import org.jspecify.annotations.NullMarked;
