/**
 * How good samples are, by measures that need no downloaded network: a classifier trained on the
 * real images, and the distance to the nearest training image.
 *
 * <p>Every figure stands beside the same figure of real images. Start with {@link
 * dev.ancestral.trainer.evaluate.EvaluateCommand}.
 */
@NullMarked
package dev.ancestral.trainer.evaluate;

import org.jspecify.annotations.NullMarked;
