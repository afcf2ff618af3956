package dev.ancestral.exporter.fit;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Networks that are the best there can be for data that are known in closed form. */
final class AnalyticNetworks {
  private AnalyticNetworks() {}

  /** The mean of x0 at a state: of one number, since all are independent. */
  interface Denoiser {
    double x0(double x, NoiseLevel level, long label);
  }

  /** Of normal data with this standard deviation. */
  static Denoiser normal(double deviation) {
    double variance = deviation * deviation;
    return (x, level, label) ->
        level.alpha() * variance * x / (level.alphaSquared() * variance + level.sigmaSquared());
  }

  /** Of data that are near -0.6 or near 0.6, as often: normal around each with deviation 0.2. */
  static Denoiser twoHills() {
    return (x, level, label) -> {
      double variance = 0.04 * level.alphaSquared() + level.sigmaSquared();
      double above = 1 / (1 + Math.exp(-2 * level.alpha() * 0.6 * x / variance));
      double middle = 0.6 * (2 * above - 1);
      return middle + level.alpha() * 0.04 / variance * (x - level.alpha() * middle);
    };
  }

  /** Normal data whose mean is their label's. */
  static Denoiser classes(double... means) {
    return (x, level, label) -> {
      double mean = means[(int) label];
      double share = level.alpha() * 0.04 / (level.alphaSquared() * 0.04 + level.sigmaSquared());
      return mean + share * (x - level.alpha() * mean);
    };
  }

  /** The network that answers in the words of a prediction type. */
  static Network network(Bundle bundle, Denoiser denoiser) {
    NoiseSchedule schedule = bundle.scheduler().schedule();
    PredictionType prediction = bundle.scheduler().predictionType();
    Conditioning classes = bundle.conditioning();
    int nullLabel = classes == null ? 0 : classes.numClasses();
    return (x, timestep, labels, guidance) -> {
      NoiseLevel level = schedule.levelAt(timestep);
      Transition trained =
          timestep == Math.rint(timestep)
              ? schedule.transition((int) timestep)
              : new Transition(level, NoiseLevel.CLEAN);
      float[][] m = new float[x.length][x[0].length];
      for (int chain = 0; chain < x.length; chain++) {
        for (int k = 0; k < m[chain].length; k++) {
          double state = x[chain][k];
          double labelled = denoiser.x0(state, level, labels[chain]);
          double nobody = guidance == 1 ? labelled : denoiser.x0(state, level, nullLabel);
          double x0 = nobody + guidance * (labelled - nobody);
          m[chain][k] =
              (float)
                  ((x0 - prediction.x0FromState(trained) * state)
                      / prediction.x0FromOutput(trained));
        }
      }
      return m;
    };
  }

  /** What a bundle says of such a network. */
  static Bundle bundle(
      NoiseSchedule schedule,
      PredictionType prediction,
      boolean clips,
      boolean continuous,
      @Nullable Conditioning classes) {
    return new Bundle(
        new SchedulerConfig(
            "test", schedule, prediction, Variance.FIXED_SMALL, clips, TimestepSpacing.TRAILING),
        new DataSpec(List.of(1L, 4L, 4L), -1, 1, 0),
        continuous,
        classes,
        Recommended.NONE,
        Map.of(),
        List.of());
  }
}
