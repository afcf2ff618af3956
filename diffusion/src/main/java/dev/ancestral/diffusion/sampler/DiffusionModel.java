package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * What a sampler has to know of a trained network.
 *
 * @param schedule the noise that it was trained on
 * @param prediction what its output estimates
 * @param variance of a ddpm step, unless the options say otherwise; a learned one says that the
 *     output has a variance half
 * @param continuousTimesteps whether it takes fractional timesteps; one that looks them up does not
 */
public record DiffusionModel(
    NoiseSchedule schedule,
    PredictionType prediction,
    Variance variance,
    boolean continuousTimesteps) {
  /** Checks that the prediction says something at every level of noise. */
  public DiffusionModel {
    if (schedule.finalSnr() == 0 && !prediction.estimatesFromPureNoise()) {
      throw new IllegalArgumentException(
          "prediction_type: %s (expected: v_prediction or sample, since no signal is left at timestep %d)"
              .formatted(prediction.label(), schedule.timesteps() - 1));
    }
  }

  /** A network that embeds its timesteps and learns no variance. */
  public static DiffusionModel of(NoiseSchedule schedule, PredictionType prediction) {
    return new DiffusionModel(schedule, prediction, Variance.FIXED_SMALL, true);
  }

  /** The scale of x_T, pure noise at the level where a chain starts. */
  double initialScale(NoiseLevel first) {
    return schedule.isVariancePreserving() ? 1 : first.sigma();
  }

  /**
   * Refuses a variance that the network did not learn.
   *
   * @throws InvalidOptionException naming it and those that can be had
   */
  public void requireVariance(Variance asked) {
    if (asked.isLearned() && asked != variance) {
      throw new InvalidOptionException(
          SamplerOption.VARIANCE.name(),
          "%s (expected: %sfixed_small or fixed_large, since the network did not learn it)"
              .formatted(asked.label(), variance.isLearned() ? variance.label() + ", " : ""));
    }
  }

  /**
   * Refuses levels of noise, or timesteps, that the network was not trained on.
   *
   * @param option that asks for them
   * @param value of that option
   * @param instead what to ask for
   * @throws InvalidOptionException if the network knows trained ones alone
   */
  void requireUntrained(SamplerOption<?> option, String value, String instead) {
    if (prediction == PredictionType.POSTERIOR_MEAN) {
      throw new InvalidOptionException(
          option.name(),
          "%s (expected: %s, since a posterior mean is that of a trained timestep)"
              .formatted(value, instead));
    }
  }

  /**
   * Refuses fractional timesteps where the network looks its timesteps up.
   *
   * @param option that asks for them
   * @param value of that option
   * @param instead what to ask for
   * @throws InvalidOptionException if it does
   */
  void requireContinuousTimesteps(SamplerOption<?> option, String value, String instead) {
    if (!continuousTimesteps) {
      throw new InvalidOptionException(
          option.name(),
          "%s (expected: %s, since the network takes whole timesteps alone)"
              .formatted(value, instead));
    }
  }
}
