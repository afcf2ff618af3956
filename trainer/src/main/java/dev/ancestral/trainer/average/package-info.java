/**
 * Power-function averages of weights, as mathematics alone. Start with {@link
 * dev.ancestral.trainer.average.PowerFunction}; {@link dev.ancestral.trainer.average.PostHoc} finds
 * an average that nobody kept. What may not live here: files, arrays of an engine.
 */
@NullMarked
package dev.ancestral.trainer.average;

import org.jspecify.annotations.NullMarked;
