package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
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
  private static final DataSpec POINTS = new DataSpec(List.of(2L), -1, 1, 0);

  private static Bundle bundle(DataSpec data) {
    Bundle any =
        AnalyticNetworks.bundle(
            BetaSchedules.create("linear", 20, Map.of()), PredictionType.EPSILON, true, true, null);
    return new Bundle(any.scheduler(), data, true, null, Recommended.NONE, Map.of(), List.of());
  }

  private static List<float[]> noise(Draws.Use use, DataSpec data) {
    return Arrays.asList(Draws.of(use, 0, SAMPLES, data.elements(), null, false, 0).noise());
  }

  /** What a teacher and others draw, beside other draws of the teacher's kind. */
  private static Comparison compared(
      DataSpec data, List<float[]> reference, List<float[]> teacher, List<float[]> others) {
    try (Features features =
        Features.fitToTell(LabelledSamples.of(data, reference, 0, new int[] {}), 0)) {
      return new Judgement(
              bundle(data),
              new Reference("noise", features, features.of(reference)),
              new long[SAMPLES],
              teacher,
              0)
          .of(others);
    }
  }

  /** The teacher's own samples held against themselves. */
  private static Comparison ofTheTeacherItself(DataSpec data) {
    List<float[]> teacher = noise(Draws.Use.COMPARISON, data);
    return compared(data, noise(Draws.Use.REFERENCE, data), teacher, teacher);
  }

  @Test
  void whatTheTeacherDrawsIsAsGoodAsTheTeacher() {
    Comparison comparison = ofTheTeacherItself(new DataSpec(List.of(1L, 4L, 4L), -1, 1, 0));

    assertEquals(1, comparison.frechetRatio());
    assertEquals(1, comparison.highFrequencyRatio());
    assertTrue(comparison.holds(), comparison::toString);
  }

  @Test
  void pointsAreAsGoodAsTheTeachers_whereTheyAreThose() {
    Comparison comparison = ofTheTeacherItself(POINTS);

    assertEquals(1, comparison.frechetRatio());
    assertNull(comparison.highFrequencyRatio());
    assertTrue(comparison.holds(), comparison::toString);
  }

  /** On a ring, whose mean and covariance are those of the noise beside it. */
  private static List<float[]> ring(Draws.Use use) {
    return noise(use, POINTS).stream()
        .map(
            point -> {
              double factor = Math.sqrt(2) / Math.hypot(point[0], point[1]);
              return new float[] {(float) (factor * point[0]), (float) (factor * point[1])};
            })
        .toList();
  }

  @Test
  void pointsOfAnotherShape_areNotAsGood_thoughMeanAndCovarianceAreTheSame() {
    Comparison comparison =
        compared(
            POINTS,
            ring(Draws.Use.REFERENCE),
            ring(Draws.Use.COMPARISON),
            noise(Draws.Use.COMPARISON, POINTS));

    assertTrue(comparison.frechetRatio() > 2, comparison::toString);
    assertFalse(comparison.holds());
    assertFalse(comparison.isOpen(), "more samples would not help");
  }
}
