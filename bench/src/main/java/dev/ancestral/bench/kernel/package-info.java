/**
 * JMH benchmarks of the mathematics that runs between two calls of the network.
 *
 * <p>Those of the server's own kernels stand in the packages of what they measure, since that is
 * nobody else's business: {@code dev.ancestral.server.engine} and {@code
 * dev.ancestral.server.grpc}. The scenario {@code kernels} runs whatever JMH finds.
 */
@NullMarked
package dev.ancestral.bench.kernel;

import org.jspecify.annotations.NullMarked;
