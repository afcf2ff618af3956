/**
 * Measures of how good samples are, told from numbers alone: Fréchet distance in the features of a
 * classifier, precision and recall, label accuracy, high-frequency energy; for points the energy
 * distance.
 *
 * <p>Start with {@link dev.ancestral.trainer.quality.Features}, the space in which pictures are
 * compared, and {@link dev.ancestral.trainer.quality.FrechetRatio}. What may not live here: where
 * samples come from, and what is printed of them.
 */
@NullMarked
package dev.ancestral.trainer.quality;

import org.jspecify.annotations.NullMarked;
