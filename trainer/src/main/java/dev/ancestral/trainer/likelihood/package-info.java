/**
 * The variational bound of a trained network on samples, term by term: bits per dimension for
 * images, a density for points.
 *
 * <p>Start with {@link dev.ancestral.trainer.likelihood.BoundEvaluation}; the formulas are those of
 * {@link dev.ancestral.diffusion.likelihood}, in {@code double} on the host. What may not live
 * here: command lines, files.
 */
@NullMarked
package dev.ancestral.trainer.likelihood;

import org.jspecify.annotations.NullMarked;
