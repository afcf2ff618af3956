/**
 * Losses: what training minimises, one number for each row of a batch.
 *
 * <p>A {@link dev.ancestral.trainer.loss.LossFamily} is one file, found by name through {@link
 * dev.ancestral.trainer.loss.Losses}. Coefficients are computed once in {@code double} by {@link
 * dev.ancestral.diffusion}; what is done here is arithmetic on arrays. What may not live here:
 * batches, optimizers, randomness that is not a function of (seed, iteration).
 */
@NullMarked
package dev.ancestral.trainer.loss;

import org.jspecify.annotations.NullMarked;
