/**
 * The services of {@code ancestral.v1}: checks at the door, responses that follow the reader's
 * pace, one table from exceptions to status.
 *
 * <p>Start with {@link dev.ancestral.server.grpc.Services}. A request goes through {@code
 * RequestResolver} (a pure function: every default and every bound), into the engine, and back
 * through {@code ResponseStream}, which encodes off the engine's thread and holds no more than
 * {@code Outbox} allows. ONNX Runtime is not known here.
 */
@NullMarked
package dev.ancestral.server.grpc;

import org.jspecify.annotations.NullMarked;
