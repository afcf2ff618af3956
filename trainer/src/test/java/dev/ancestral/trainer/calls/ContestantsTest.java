package dev.ancestral.trainer.calls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContestantsTest {
  /** Recommends DDIM with noise. */
  private static final Bundle NOISY =
      new Bundle(
          new SchedulerConfig(
              "linear",
              BetaSchedules.create("linear", 50, Map.of()),
              PredictionType.EPSILON,
              Variance.FIXED_SMALL,
              true,
              TimestepSpacing.TRAILING),
          new DataSpec(List.of(2L), -1, 1, 0),
          true,
          null,
          new Recommended("ddim", null, Map.of("eta", 0.5), 1, 0),
          Map.of(),
          List.of());

  private static Contestants contestants(String teacher) {
    return Contestants.of(
        NOISY,
        new CallsTask(List.of(2), List.of("ddim"), CallsTask.Chosen.of(teacher), 10, null, 0),
        1,
        0);
  }

  @Test
  void theTeacherDrawsNoNoise_whateverTheBundleRecommends() {
    Contestants chains = contestants("ddim:20");
    assertFalse(chains.teacher().plan().isStochastic());
    assertTrue(chains.others().get(0).plan().isStochastic(), "as a server draws");
    assertFalse(contestants("dpmpp-2m:20").teacher().plan().isStochastic());
  }

  @Test
  void aTeacherThatCannotDoWithoutNoise_isRefused() {
    assertEquals(
        "--teacher: ddpm:20: draws noise (expected: a sampler that draws none, such as ddim:100, since samples are paired by their x_T)",
        assertThrows(UserError.class, () -> contestants("ddpm:20")).getMessage());
  }
}
