package dev.ancestral.bundle;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * What {@code scheduler/scheduler_config.json} says: the truth about the noise schedule.
 *
 * @param betaSchedule the family's name, such as {@code linear}; for people, since the betas, or
 *     the sigmas of a variance-exploding schedule, are always written
 * @param schedule the levels of noise
 * @param predictionType what the network outputs
 * @param variance of ddpm, unless a request says otherwise; a learned one says that the network's
 *     output has a variance half
 * @param clipping of estimates of x0, unless a request says otherwise
 * @param spacing which timesteps are visited, unless a request says otherwise
 * @param stepsOffset how much later they are with leading spacing, unless a request says otherwise
 */
public record SchedulerConfig(
    String betaSchedule,
    NoiseSchedule schedule,
    PredictionType predictionType,
    Variance variance,
    ClipRule clipping,
    TimestepSpacing spacing,
    int stepsOffset) {
  /** One that clips to the data's range or not at all, and has no offset: those of our own. */
  public SchedulerConfig(
      String betaSchedule,
      NoiseSchedule schedule,
      PredictionType predictionType,
      Variance variance,
      boolean clipSample,
      TimestepSpacing spacing) {
    this(
        betaSchedule,
        schedule,
        predictionType,
        variance,
        clipSample ? ClipRule.TO_DATA : ClipRule.NONE,
        spacing,
        0);
  }

  /** Whether estimates of x0 are clipped in any way, unless a request says otherwise. */
  public boolean clipSample() {
    return !clipping.equals(ClipRule.NONE);
  }
}
