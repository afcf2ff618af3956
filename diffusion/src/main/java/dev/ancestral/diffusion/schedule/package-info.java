/**
 * Noise schedules: how much of x0 is left at each timestep.
 *
 * <p>{@link dev.ancestral.diffusion.schedule.NoiseSchedule} is the table and all that follows from
 * it. A named family is one file, a {@link dev.ancestral.diffusion.schedule.BetaSchedule}, found
 * through {@link dev.ancestral.diffusion.schedule.BetaSchedules}. Timesteps count from 0: t = 0 is
 * one noising step.
 */
@NullMarked
package dev.ancestral.diffusion.schedule;

import org.jspecify.annotations.NullMarked;
