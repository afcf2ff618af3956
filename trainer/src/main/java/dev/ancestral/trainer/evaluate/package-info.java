/**
 * How good samples are, by measures that need no downloaded network: for images a classifier
 * trained on the real ones, and the distance to the nearest training image; for points the energy
 * distance.
 *
 * <p>Every figure stands beside the same figure of real data. Start with {@link
 * dev.ancestral.trainer.evaluate.EvaluateCommand}.
 */
@NullMarked
package dev.ancestral.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
