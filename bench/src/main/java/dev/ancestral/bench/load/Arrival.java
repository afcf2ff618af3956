package dev.ancestral.bench.load;

import dev.ancestral.v1.SampleRequest;
import java.time.Duration;

/**
 * A request and when it is to be sent.
 *
 * @param at from the start
 */
public record Arrival(Duration at, SampleRequest request) {}
