package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class NormalEquationsTest {
  private static final int ROWS = 500;

  private static float[] normals(int index) {
    RandomGenerator random = new PhiloxRandom(1, NoisePurpose.DATA, index, 0);
    float[] values = new float[ROWS];
    for (int i = 0; i < ROWS; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] sum(double f, float[] a, double g, float[] b, double h, float[] c) {
    float[] y = new float[a.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = (float) (f * a[i] + g * b[i] + h * c[i]);
    }
    return y;
  }

  @Test
  void factorsOfALinearForm_areFound() {
    float[] a = normals(0);
    float[] b = normals(1);
    float[] c = normals(2);
    NormalEquations equations = new NormalEquations(3);
    equations.add(sum(0.9, a, -250, b, 1e-3, c), a, b, c);

    // As far as the ridge leaves them.
    assertArrayEquals(new double[] {0.9, -250, 1e-3}, equations.solve(), 1e-3);
  }

  @Test
  void noiseThatIsNoForm_isLeftOver_andTheFactorsAreThoseOfTheLeastSquares() {
    float[] a = {1, 1, 1, 1};
    float[] b = {-1, 0, 0, 1};
    NormalEquations equations = new NormalEquations(2);
    equations.add(new float[] {1, 2, 4, 5}, a, b);

    assertArrayEquals(new double[] {3, 2}, equations.solve(), 1e-5);
  }

  @Test
  void atTheTargetsEnergy_theFormHasItsSumOfSquares_andNoMoreThanTwiceItsSize() {
    float[] a = {1, 1, 1, 1};
    float[] b = {-1, 0, 0, 1};
    NormalEquations equations = new NormalEquations(2);
    equations.add(new float[] {1, 2, 4, 5}, a, b);

    // 3a + 2b is 1, 3, 3, 5, whose squares sum to 44; the target's sum to 46.
    double growth = Math.sqrt(46 / 44.0);
    assertArrayEquals(new double[] {3 * growth, 2 * growth}, equations.solveAtEnergy(), 1e-5);

    NormalEquations unlike = new NormalEquations(1);
    unlike.add(new float[] {1, 1, 10, -10}, a);
    assertEquals(2 * unlike.solve()[0], unlike.solveAtEnergy()[0], 1e-12);
  }

  @Test
  void columnsThatSayTheSame_shareTheFactor() {
    float[] a = normals(0);
    NormalEquations equations = new NormalEquations(3);
    equations.add(sum(3, a, 0, a, 0, a), a, a, new float[ROWS]);

    assertArrayEquals(new double[] {1.5, 1.5, 0}, equations.solve(), 1e-5);
  }

  @Test
  void aColumnThatSaysNextToNothing_getsNoHugeFactor() {
    float[] a = normals(0);
    float[] almostA = sum(1, a, 1e-6, normals(1), 0, a);
    float[] small = sum(1e-7, normals(2), 0, a, 0, a);
    NormalEquations equations = new NormalEquations(3);
    equations.add(sum(1, a, 0.01, normals(3), 0, a), a, almostA, small);

    for (double factor : equations.solve()) {
      assertTrue(Math.abs(factor) < 10, () -> Arrays.toString(equations.solve()));
    }
  }

  @Test
  void rowsInSeveralParts_areOneLot() {
    float[] a = normals(0);
    float[] b = normals(1);
    NormalEquations parts = new NormalEquations(2);
    parts.add(normals(2), a, b);
    parts.add(normals(3), b, a);
    NormalEquations other = new NormalEquations(2);
    other.add(normals(3), b, a);
    other.add(normals(2), a, b);

    assertArrayEquals(other.solve(), parts.solve(), 1e-12);
    assertEquals(2, parts.solve().length);
    assertThrows(IllegalArgumentException.class, () -> parts.add(a, b));
  }
}
