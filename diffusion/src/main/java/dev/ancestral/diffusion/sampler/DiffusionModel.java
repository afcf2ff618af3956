package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sampler has to know of a trained network.
 *
 * @param schedule the noise that it was trained on
 * @param prediction what its output estimates
 * @param variance of a ddpm step, unless the options say otherwise; a learned one says that the
 *     output has a variance half
 * @param continuousTimesteps whether it takes fractional timesteps; one that looks them up does not
 * @param fitted chains that were fitted to it; null for none
 */
public record DiffusionModel(
    NoiseSchedule schedule,
    PredictionType prediction,
    Variance variance,
    boolean continuousTimesteps,
    @Nullable FittedTables fitted) {
  /**
   * Checks that the prediction says something at every level of noise, and that the network takes
   * the timesteps of the fitted chains.
   */
  public DiffusionModel {
    if (schedule.finalSnr() == 0 && !prediction.estimatesFromPureNoise()) {
      throw new IllegalArgumentException(
          "prediction_type: %s (expected: v_prediction or sample, since no signal is left at timestep %d)"
              .formatted(prediction.label(), schedule.timesteps() - 1));
    }
    if (fitted != null) {
      for (int table = 0; table < fitted.tables().size(); table++) {
        List<Double> timesteps = fitted.tables().get(table).timesteps();
        for (int i = 0; i < timesteps.size(); i++) {
          double timestep = timesteps.get(i);
          String expected = expected(timestep, schedule, prediction, continuousTimesteps);
          if (!expected.isEmpty()) {
            throw new IllegalArgumentException(
                "tables[%d].timesteps[%d]: %s (expected: %s)"
                    .formatted(table, i, timestep, expected));
          }
        }
      }
    }
  }

  /** A network that no chains were fitted to. */
  public DiffusionModel(
      NoiseSchedule schedule,
      PredictionType prediction,
      Variance variance,
      boolean continuousTimesteps) {
    this(schedule, prediction, variance, continuousTimesteps, null);
  }

  /** A network that embeds its timesteps and learns no variance. */
  public static DiffusionModel of(NoiseSchedule schedule, PredictionType prediction) {
    return new DiffusionModel(schedule, prediction, Variance.FIXED_SMALL, true);
  }

  /**
   * A step that estimates x0 and so far does no more, at a timestep that {@link
   * NoiseSchedule#levelAt} takes.
   */
  public Step estimate(double timestep) {
    NoiseLevel level = schedule.levelAt(timestep);
    Transition trained =
        timestep == Math.rint(timestep)
            ? schedule.transition((int) timestep)
            : new Transition(level, level);
    return new Visit(timestep, trained, level).estimate(prediction);
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

  /** What a timestep that the network does not take ought to be; empty for one that it takes. */
  private static String expected(
      double timestep, NoiseSchedule schedule, PredictionType prediction, boolean fractions) {
    int last = schedule.timesteps() - 1;
    if (timestep > last) {
      return "0..%d, as the schedule has".formatted(last);
    }
    if (timestep == Math.rint(timestep)) {
      return "";
    }
    if (!fractions) {
      return "a whole number, as the network takes no other";
    }
    if (prediction == PredictionType.POSTERIOR_MEAN) {
      return "a whole number, as a posterior mean is that of a trained timestep";
    }
    return schedule.finalSnr() == 0 && timestep > last - 1
        ? "%d, as no signal is left there".formatted(last)
        : "";
  }
}
