/**
 * The server's command line. {@link dev.ancestral.server.ServerMain} is the door; what it starts is
 * {@link dev.ancestral.server.ops.AncestralServer}.
 *
 * <p>Below: {@code engine} (continuous batching), {@code onnx} (the seam to ONNX Runtime), {@code
 * repository} (bundles), {@code grpc} (services), {@code door} (what every call passes), {@code
 * log} (where lines go), {@code ops} (the process). {@code engine} knows none of the others, and
 * nobody but {@code onnx} knows ONNX Runtime; the build says so.
 */
@NullMarked
package dev.ancestral.server;

import org.jspecify.annotations.NullMarked;
