package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BundleDisagreementTest {
  private static final Bundle FULL = Bundles.full();
  private static final SchedulerConfig SCHEDULER = FULL.scheduler();

  @Test
  void oneModelDescribedTwiceAgrees_whateverItsProvenanceAndProof() {
    Bundle other =
        new Bundle(
            SCHEDULER,
            FULL.data(),
            FULL.continuousTimesteps(),
            FULL.conditioning(),
            FULL.recommended(),
            Map.of("run", "another"),
            List.of());
    assertEquals(Optional.empty(), FULL.disagreementWith(other));
    assertEquals(Optional.empty(), FULL.disagreementWith(FULL));
  }

  @Test
  void eachFieldThatDiffersIsNamed() {
    NoiseSchedule betas = NoiseSchedule.ofBetas(new double[] {1e-4, 0.3, 1 / 3.0, 0.998});
    assertDisagrees(
        "trained_betas",
        scheduler(
            betas,
            SCHEDULER.predictionType(),
            SCHEDULER.variance(),
            false,
            TimestepSpacing.LEADING));
    assertEquals(
        Optional.of("trained_betas"),
        Bundles.plainPoints().disagreementWith(Bundles.score()),
        "of another kind");
    assertDisagrees(
        "prediction_type",
        scheduler(
            SCHEDULER.schedule(),
            PredictionType.SAMPLE,
            SCHEDULER.variance(),
            false,
            TimestepSpacing.LEADING));
    assertDisagrees(
        "variance_type",
        scheduler(
            SCHEDULER.schedule(),
            SCHEDULER.predictionType(),
            Variance.FIXED_SMALL,
            false,
            TimestepSpacing.LEADING));
    assertDisagrees(
        "clip_sample",
        scheduler(
            SCHEDULER.schedule(),
            SCHEDULER.predictionType(),
            SCHEDULER.variance(),
            true,
            TimestepSpacing.LEADING));
    assertDisagrees(
        "timestep_spacing",
        scheduler(
            SCHEDULER.schedule(),
            SCHEDULER.predictionType(),
            SCHEDULER.variance(),
            false,
            TimestepSpacing.LINSPACE));
    assertDisagrees(
        "data",
        with(
            new DataSpec(List.of(3L, 4L, 5L), -0.5, 2, 18),
            false,
            FULL.conditioning(),
            FULL.recommended()));
    assertDisagrees("timestep", with(FULL.data(), true, FULL.conditioning(), FULL.recommended()));
    assertDisagrees("conditioning", with(FULL.data(), false, null, Recommended.NONE));
    assertDisagrees("recommended", with(FULL.data(), false, FULL.conditioning(), Recommended.NONE));
  }

  private static void assertDisagrees(String field, Bundle other) {
    assertEquals(Optional.of(field), FULL.disagreementWith(other));
    assertEquals(Optional.of(field), other.disagreementWith(FULL));
  }

  private static Bundle scheduler(
      NoiseSchedule schedule,
      PredictionType prediction,
      Variance variance,
      boolean clip,
      TimestepSpacing spacing) {
    return new Bundle(
        new SchedulerConfig(
            SCHEDULER.betaSchedule(), schedule, prediction, variance, clip, spacing),
        FULL.data(),
        FULL.continuousTimesteps(),
        FULL.conditioning(),
        FULL.recommended(),
        FULL.provenance(),
        FULL.parity());
  }

  private static Bundle with(
      DataSpec data,
      boolean continuous,
      @Nullable Conditioning conditioning,
      Recommended recommended) {
    return new Bundle(
        SCHEDULER, data, continuous, conditioning, recommended, FULL.provenance(), FULL.parity());
  }
}
