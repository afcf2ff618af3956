package dev.ancestral.server;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Descriptions of models for tests. */
public final class Bundles {
  /** Gray 8×8 pictures of three classes, and a null label. */
  public static final Bundle DIGITS =
      bundle(
          new DataSpec(List.of(1L, 8L, 8L), -1, 1, 256),
          new Conditioning(3, List.of("zero", "one", "two"), 3),
          Recommended.NONE);

  /** Gray 8×8 pictures without classes. */
  public static final Bundle UNCONDITIONAL =
      bundle(new DataSpec(List.of(1L, 8L, 8L), -1, 1, 256), null, Recommended.NONE);

  /** Pictures of three colours, 512×512. */
  public static final Bundle LARGE =
      bundle(new DataSpec(List.of(3L, 512L, 512L), -1, 1, 256), null, Recommended.NONE);

  /** Points. */
  public static final Bundle POINTS =
      bundle(new DataSpec(List.of(2L), -2, 2, 0), null, new Recommended("ddpm", 40));

  /** Points, from a score model of four noise levels. */
  public static final Bundle SCORE =
      score(POINTS.data(), NoiseSchedule.ofSigmas(new double[] {0.1, 0.4, 1.6, 6.4}));

  private Bundles() {}

  /** The same model with another variance; a learned one has its half in the network's output. */
  public static Bundle withVariance(Bundle bundle, Variance variance) {
    return with(bundle, variance, bundle.scheduler().spacing(), bundle.continuousTimesteps());
  }

  /** The same model with another spacing of its own. */
  public static Bundle withSpacing(Bundle bundle, TimestepSpacing spacing) {
    return with(bundle, bundle.scheduler().variance(), spacing, bundle.continuousTimesteps());
  }

  /** The same model with a network that looks its timesteps up. */
  public static Bundle withDiscreteTimesteps(Bundle bundle) {
    return with(bundle, bundle.scheduler().variance(), bundle.scheduler().spacing(), false);
  }

  private static Bundle with(
      Bundle bundle, Variance variance, TimestepSpacing spacing, boolean continuousTimesteps) {
    SchedulerConfig scheduler = bundle.scheduler();
    return bundle(
        new SchedulerConfig(
            scheduler.betaSchedule(),
            scheduler.schedule(),
            scheduler.predictionType(),
            variance,
            scheduler.clipSample(),
            spacing),
        continuousTimesteps,
        bundle.data(),
        bundle.conditioning(),
        bundle.recommended());
  }

  public static Bundle bundle(
      DataSpec data, @Nullable Conditioning conditioning, Recommended recommended) {
    return bundle(
        new SchedulerConfig(
            "linear",
            BetaSchedules.create("linear", 1000, Map.of()),
            PredictionType.EPSILON,
            Variance.FIXED_SMALL,
            true,
            TimestepSpacing.TRAILING),
        true,
        data,
        conditioning,
        recommended);
  }

  /** A score model, which looks its noise levels up. */
  public static Bundle score(DataSpec data, NoiseSchedule levels) {
    return bundle(
        new SchedulerConfig(
            "geometric",
            levels,
            PredictionType.SCORE,
            Variance.FIXED_SMALL,
            false,
            TimestepSpacing.TRAILING),
        false,
        data,
        null,
        Recommended.NONE);
  }

  private static Bundle bundle(
      SchedulerConfig scheduler,
      boolean continuousTimesteps,
      DataSpec data,
      @Nullable Conditioning conditioning,
      Recommended recommended) {
    return new Bundle(
        scheduler,
        data,
        continuousTimesteps,
        conditioning,
        recommended,
        Map.of("made_by", "a test"),
        List.of());
  }
}
