package dev.ancestral.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PredictionTypeTest {
  private static final NoiseSchedule SCHEDULE = BetaSchedules.create("linear", 1000, Map.of());
  private static final double X0 = 0.5;
  private static final double EPSILON = -1;

  @ParameterizedTest
  @EnumSource
  void thePerfectPrediction_givesBackX0(PredictionType type) {
    for (int t : new int[] {0, 1, 500, 999}) {
      double alpha = SCHEDULE.alpha(t);
      double sigma = SCHEDULE.sigma(t);
      double state = alpha * X0 + sigma * EPSILON;
      double output =
          type.targetFromX0(alpha, sigma) * X0 + type.targetFromNoise(alpha, sigma) * EPSILON;
      double x0 = type.x0FromState(alpha, sigma) * state + type.x0FromOutput(alpha, sigma) * output;
      assertEquals(X0, x0, 1e-12, type + " at t = " + t);
    }
  }

  @Test
  void velocity_equalsTheGoldenNumber() {
    double alpha = SCHEDULE.alpha(500);
    double sigma = SCHEDULE.sigma(500);
    assertEquals(
        -0.7590776178948713,
        PredictionType.V.targetFromX0(alpha, sigma) * X0
            + PredictionType.V.targetFromNoise(alpha, sigma) * EPSILON,
        1e-13);
  }

  @ParameterizedTest
  @EnumSource
  void label_findsItsType(PredictionType type) {
    assertEquals(type, PredictionType.of(type.label()));
  }
}
