/**
 * The mathematics that trainer, exporter and server share: pure functions, tables in {@code
 * double}, no dependency.
 *
 * <p>What lives here: noise schedules ({@link dev.ancestral.diffusion.schedule}), samplers as
 * tables of coefficients ({@link dev.ancestral.diffusion.sampler}), the terms of the likelihood's
 * bound ({@link dev.ancestral.diffusion.likelihood}), the noise generator ({@link
 * dev.ancestral.diffusion.noise}), the prediction types, and noise levels with the transitions
 * between them. What may not: tensors of any library, files, threads, clocks, hidden state. Start
 * with {@link dev.ancestral.diffusion.schedule.NoiseSchedule} and {@link
 * dev.ancestral.diffusion.sampler.ChainPlan}.
 */
@NullMarked
package dev.ancestral.diffusion;

import org.jspecify.annotations.NullMarked;
