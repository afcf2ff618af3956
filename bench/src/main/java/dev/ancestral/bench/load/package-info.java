/**
 * Load on a server, over real gRPC: who asks for what and when, and how long it took.
 *
 * <p>{@link dev.ancestral.bench.load.OpenLoop} sends at the times of {@link
 * dev.ancestral.bench.load.Workload} whether or not the server keeps up, {@link
 * dev.ancestral.bench.load.ClosedLoop} keeps a number of clients busy; both start their calls on a
 * {@link dev.ancestral.bench.load.LoadClient}. What is asked for is a function of a seed.
 */
@NullMarked
package dev.ancestral.bench.load;

import org.jspecify.annotations.NullMarked;
