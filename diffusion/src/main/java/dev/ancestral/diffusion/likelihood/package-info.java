/**
 * Terms of the variational bound on the likelihood, as pure functions in {@code double}: what a
 * training loss estimates and an evaluation sums.
 *
 * <p>All terms are in nats per number of a sample, until {@link
 * dev.ancestral.diffusion.likelihood.Bits} says otherwise. Start with {@link
 * dev.ancestral.diffusion.likelihood.VariationalBound}. What may not live here: tensors, networks,
 * random numbers.
 */
@NullMarked
package dev.ancestral.diffusion.likelihood;

import org.jspecify.annotations.NullMarked;
