package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import org.jspecify.annotations.Nullable;

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
    boolean estimatesFromPureNoise =
        switch (prediction) {
          case V, SAMPLE -> true;
          case EPSILON, SCORE, POSTERIOR_MEAN -> false;
        };
    if (schedule.finalSnr() == 0 && !estimatesFromPureNoise) {
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
   * The variance to use.
   *
   * @param asked null for the model's own
   * @throws IllegalArgumentException if it is a learned one that the network did not learn
   */
  Variance varianceOr(@Nullable Variance asked) {
    if (asked == null) {
      return variance;
    }
    if (asked.isLearned() && asked != variance) {
      throw new IllegalArgumentException(
          "variance: %s (expected: %sfixed_small or fixed_large, since the network did not learn it)"
              .formatted(asked.label(), variance.isLearned() ? variance.label() + ", " : ""));
    }
    return asked;
  }
}
