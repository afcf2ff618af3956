package dev.ancestral.server;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.Arrays;
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

  /**
   * The same model with tables of so many calls, somewhat off DDIM's, at guidance 1 and, where the
   * model takes guidance, 2 and 4. Those of 3 calls and more are proven up to guidance 2.
   */
  public static Bundle fitted(Bundle bundle, int... calls) {
    return bundle.withFitted(
        new FittedTables(
            "ddim:100",
            bundle.clipping(),
            Arrays.stream(calls).mapToObj(n -> table(bundle, n)).toList(),
            Map.of("chains", "64")));
  }

  private static FittedTable table(Bundle bundle, int calls) {
    ChainPlan ddim = Samplers.of("ddim").plan(bundle.model(), SamplerOptions.ofSteps(calls));
    Conditioning conditioning = bundle.conditioning();
    boolean guidable = conditioning != null && conditioning.nullLabel() != null;
    List<FittedTable.Weighted> weighted = new ArrayList<>();
    for (double guidance : guidable ? List.of(1.0, 2.0, 4.0) : List.of(1.0)) {
      List<FittedTable.Factors> factors = new ArrayList<>();
      for (Step step : ddim.steps()) {
        double previous = factors.isEmpty() ? 0 : -0.05 * guidance;
        double earlier = factors.size() < 2 ? 0 : 0.02;
        factors.add(
            new FittedTable.Factors(
                0.98 * step.bx(), step.b0() + 0.05 * guidance, previous, earlier));
      }
      FittedProof.Comparison comparison =
          calls < 3
              ? null
              : new FittedProof.Comparison(
                  "the run's data",
                  500,
                  1 + guidance / 100,
                  1.02 + guidance / 100,
                  0.99,
                  0.8,
                  0.81,
                  0.7,
                  0.6);
      weighted.add(
          new FittedTable.Weighted(
              guidance, factors, new FittedProof(0.06, 0.16, 0.14, comparison)));
    }
    return new FittedTable(Arrays.stream(ddim.timesteps()).boxed().toList(), weighted);
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
