package dev.ancestral.server.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands that waits, if nobody comes after it.
 *
 * @param rowsAhead rows of others that run before its first step
 * @param untilBegin until that step; null where what calls cost was not measured
 * @param untilDone until its last sample; null likewise
 */
public record Standing(
    long rowsAhead, @Nullable Duration untilBegin, @Nullable Duration untilDone) {}
