package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.FittedProof.Comparison;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.trainer.quality.Features;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JudgementTest {
  private static final int SAMPLES = 600;

  private static Bundle bundle(DataSpec data) {
    Bundle any =
        AnalyticNetworks.bundle(
            BetaSchedules.create("linear", 20, Map.of()), PredictionType.EPSILON, true, true, null);
    return new Bundle(any.scheduler(), data, true, null, Recommended.NONE, Map.of(), List.of());
  }

  private static float[][] noise(Draws.Use use, DataSpec data) {
    return Draws.of(use, SAMPLES, data.elements(), null, false, 0).noise();
  }

  /** The teacher's own samples held against themselves, beside other draws of the same kind. */
  private static Comparison ofTheTeacherItself(DataSpec data) {
    float[][] reference = noise(Draws.Use.REFERENCE, data);
    try (Features features =
        Features.fit(LabelledSamples.of(data, Arrays.asList(reference), 0, new int[] {}), 0)) {
      Draws draws = Draws.of(Draws.Use.COMPARISON, SAMPLES, data.elements(), null, false, 0);
      return new Judgement(
              bundle(data),
              new Reference("noise", features, features.of(Arrays.asList(reference))),
              draws,
              draws.noise(),
              0)
          .of(draws.noise());
    }
  }

  @Test
  void whatTheTeacherDrawsIsAsGoodAsTheTeacher() {
    Comparison comparison = ofTheTeacherItself(new DataSpec(List.of(1L, 4L, 4L), -1, 1, 0));

    assertEquals(1, comparison.frechetRatio());
    assertEquals(1, comparison.highFrequencyRatio());
    assertTrue(comparison.holds(), comparison::toString);
  }

  @Test
  void pointsAreNotProven_sinceMeanAndCovarianceLeaveOutTheirShape() {
    Comparison comparison = ofTheTeacherItself(new DataSpec(List.of(2L), -1, 1, 0));

    assertEquals(1, comparison.frechetRatio());
    assertEquals(Judgement.UNKNOWN, comparison.frechetUpper());
  }
}
