/**
 * The noise generator: every number is a pure function of (seed, purpose, sample or iteration,
 * step, position).
 *
 * <p>{@link dev.ancestral.diffusion.noise.Philox} is the generator, {@link
 * dev.ancestral.diffusion.noise.GaussianNoise} fills arrays with normals from it, {@link
 * dev.ancestral.diffusion.noise.PhiloxRandom} is the same as a {@link
 * java.util.random.RandomGenerator}. Nothing here keeps a position between calls that matter: the
 * same request gives the same bytes on any machine and in any order.
 */
@NullMarked
package dev.ancestral.diffusion.noise;

import org.jspecify.annotations.NullMarked;
