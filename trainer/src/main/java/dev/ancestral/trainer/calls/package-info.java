/**
 * Quality against calls: every sampler that fits a run's network, at some numbers of calls, beside
 * a teacher of many calls and beside real data, as a table, a plot and a sheet of pictures.
 *
 * <p>Start with {@link dev.ancestral.trainer.calls.CallsStudy}. The measures themselves are {@code
 * dev.ancestral.trainer.quality}'s; what may not live here is how they are computed.
 */
@NullMarked
package dev.ancestral.trainer.calls;

import org.jspecify.annotations.NullMarked;
