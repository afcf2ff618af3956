/**
 * Samplers as tables of coefficients over one universal step, so that rows of different samplers,
 * step counts and timesteps share a batch.
 *
 * <p>{@link dev.ancestral.diffusion.sampler.Samplers} finds a sampler by name; {@link
 * dev.ancestral.diffusion.sampler.Sampler#plan} makes, of a {@link
 * dev.ancestral.diffusion.sampler.DiffusionModel} and {@link
 * dev.ancestral.diffusion.sampler.SamplerOptions}, a {@link
 * dev.ancestral.diffusion.sampler.ChainPlan}, and {@link
 * dev.ancestral.diffusion.sampler.UniversalStep} applies a row of it. A sampler holds no state:
 * progress is the caller's. Adding one is one file and one line in the registry.
 */
@NullMarked
package dev.ancestral.diffusion.sampler;

import org.jspecify.annotations.NullMarked;
