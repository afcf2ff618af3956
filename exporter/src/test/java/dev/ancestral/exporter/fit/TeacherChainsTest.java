package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.List;
import org.junit.jupiter.api.Test;

class TeacherChainsTest {
  private static final float[] X0 = {0.5f, -1};
  private static final float[] EPSILON = {2, 0.25f};
  private static final float TOLERANCE = 1e-6f;

  private static float[][] state(NoiseLevel level, float[] x0) {
    float[] x = new float[x0.length];
    for (int k = 0; k < x.length; k++) {
      x[k] = (float) (level.alpha() * x0[k] + level.sigma() * EPSILON[k]);
    }
    return new float[][] {x};
  }

  /** From a to b the teacher holds one x0, from b on another. */
  private static TeacherChains chains(NoiseLevel a, NoiseLevel b) {
    return new TeacherChains(
        List.of(a, b, NoiseLevel.CLEAN),
        List.of(state(a, X0), state(b, X0), new float[][] {{9, 9}}));
  }

  @Test
  void betweenTwoStates_isWhereTheTeachersOwnStepWouldHaveStopped() {
    NoiseLevel a = NoiseLevel.preserving(0.1);
    NoiseLevel b = NoiseLevel.preserving(0.6);
    NoiseLevel between = NoiseLevel.preserving(0.3);

    assertArrayEquals(state(between, X0)[0], chains(a, b).at(between)[0], TOLERANCE);
    assertArrayEquals(state(a, X0)[0], chains(a, b).at(a)[0], TOLERANCE);
    assertArrayEquals(state(b, X0)[0], chains(a, b).at(b)[0], TOLERANCE);
  }

  @Test
  void fromPureNoise_andWhereVarianceExplodes_too() {
    NoiseLevel pure = new NoiseLevel(0, 1);
    NoiseLevel middle = NoiseLevel.preserving(0.2);
    assertArrayEquals(
        state(middle, X0)[0], chains(pure, NoiseLevel.preserving(0.5)).at(middle)[0], TOLERANCE);

    NoiseLevel large = NoiseLevel.exploding(40);
    NoiseLevel less = NoiseLevel.exploding(3);
    assertArrayEquals(
        state(less, X0)[0], chains(large, NoiseLevel.exploding(1)).at(less)[0], 10 * TOLERANCE);
  }

  @Test
  void theEndIsWhereTheTeacherEnded() {
    TeacherChains chains = chains(NoiseLevel.preserving(0.1), NoiseLevel.preserving(0.6));

    assertSame(chains.end(), chains.at(NoiseLevel.CLEAN));
    // Half way to the end of the last step, in units of σ/α.
    assertArrayEquals(
        new float[] {(9 + chains.at(NoiseLevel.exploding(Math.sqrt(0.4 / 0.6)))[0][0]) / 2},
        new float[] {chains.at(NoiseLevel.exploding(Math.sqrt(0.4 / 0.6) / 2))[0][0]},
        10 * TOLERANCE);
  }
}
