package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.ChainRequest;
import dev.ancestral.v1.SampleRequest;

/**
 * A request with every default filled in and every bound checked.
 *
 * @param request what to send again for the same samples
 * @param chain what the engine runs
 * @param priority over others
 * @param samplerChoice which sampler it got and why, where the server chose; else empty
 */
record ResolvedRequest(
    SampleRequest request, ChainRequest chain, int priority, String samplerChoice) {}
