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

  /** Points. */
  public static final Bundle POINTS =
      bundle(new DataSpec(List.of(2L), -2, 2, 0), null, new Recommended("ddpm", 40));

  private Bundles() {}

  /** The same model with another variance; a learned one has its half in the network's output. */
  public static Bundle withVariance(Bundle bundle, Variance variance) {
    SchedulerConfig scheduler = bundle.scheduler();
    return new Bundle(
        new SchedulerConfig(
            scheduler.betaSchedule(),
            scheduler.schedule(),
            scheduler.predictionType(),
            variance,
            scheduler.clipSample(),
            scheduler.spacing()),
        bundle.data(),
        bundle.continuousTimesteps(),
        bundle.conditioning(),
        bundle.recommended(),
        bundle.provenance(),
        bundle.parity());
  }

  public static Bundle bundle(
      DataSpec data, @Nullable Conditioning conditioning, Recommended recommended) {
    return new Bundle(
        new SchedulerConfig(
            "linear",
            BetaSchedules.create("linear", 1000, Map.of()),
            PredictionType.EPSILON,
            Variance.FIXED_SMALL,
            true,
            TimestepSpacing.TRAILING),
        data,
        true,
        conditioning,
        recommended,
        Map.of("made_by", "a test"),
        List.of());
  }
}
