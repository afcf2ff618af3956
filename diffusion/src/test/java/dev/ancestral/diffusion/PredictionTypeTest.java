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
      Transition trained = SCHEDULE.transition(t);
      double state = SCHEDULE.alpha(t) * X0 + SCHEDULE.sigma(t) * EPSILON;
      assertEquals(X0, x0(type, trained, state), 1e-12, type + " at t = " + t);
    }
  }

  @Test
  void velocity_equalsTheGoldenNumber() {
    assertEquals(-0.7590776178948713, target(PredictionType.V, SCHEDULE.transition(500)), 1e-13);
  }

  @Test
  void posteriorMean_equalsTheGoldenNumber() {
    assertEquals(
        -0.8144854319554499,
        target(PredictionType.POSTERIOR_MEAN, SCHEDULE.transition(500)),
        1e-13);
  }

  @ParameterizedTest
  @EnumSource
  void thePerfectPredictionOfAVarianceExplodingState_givesBackX0(PredictionType type) {
    NoiseSchedule exploding = NoiseSchedule.ofSigmas(new double[] {0.01, 0.5, 80});
    for (int t = 0; t < 3; t++) {
      double state = X0 + exploding.sigma(t) * EPSILON;
      assertEquals(X0, x0(type, exploding.transition(t), state), 1e-10, type + " at t = " + t);
    }
  }

  private static double target(PredictionType type, Transition trained) {
    return type.targetFromX0(trained) * X0 + type.targetFromNoise(trained) * EPSILON;
  }

  private static double x0(PredictionType type, Transition trained, double state) {
    return type.x0FromState(trained) * state + type.x0FromOutput(trained) * target(type, trained);
  }

  @ParameterizedTest
  @EnumSource
  void label_findsItsType(PredictionType type) {
    assertEquals(type, PredictionType.of(type.label()));
  }
}
