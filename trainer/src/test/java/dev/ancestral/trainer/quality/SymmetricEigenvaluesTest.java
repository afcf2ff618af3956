package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SymmetricEigenvaluesTest {
  private static double[] sorted(double[][] matrix) {
    double[] values = SymmetricEigenvalues.of(matrix);
    Arrays.sort(values);
    return values;
  }

  @Test
  void secondDifferences_haveTheirCosines() {
    int n = 50;
    double[][] matrix = new double[n][n];
    double[] expected = new double[n];
    for (int i = 0; i < n; i++) {
      matrix[i][i] = 2;
      if (i > 0) {
        matrix[i][i - 1] = -1;
      }
      expected[i] = 2 - 2 * Math.cos((i + 1) * Math.PI / (n + 1));
    }
    assertArrayEquals(expected, sorted(matrix), 1e-13);
  }

  @Test
  void spectrumIsKept_underReflections_withGapsZerosAndRepetitions() {
    double[] spectrum = {-3, 0, 0, 0, 1e-9, 1e-3, 1, 1, 1, 2, 5e2, 1e6};
    int n = spectrum.length;
    double[][] matrix = new double[n][n];
    for (int i = 0; i < n; i++) {
      matrix[i][i] = spectrum[i];
    }
    for (float[] direction : Draws.normal(5, n, 3)) {
      reflect(matrix, direction);
    }
    assertArrayEquals(spectrum, sorted(matrix), 1e-15 * 1e6 * n);
  }

  private static void reflect(double[][] matrix, float[] v) {
    int n = v.length;
    double square = 0;
    for (float value : v) {
      square += (double) value * value;
    }
    double[][] left = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double along = 0;
        for (int k = 0; k < n; k++) {
          along += v[k] * matrix[k][j];
        }
        left[i][j] = matrix[i][j] - 2 * v[i] * along / square;
      }
    }
    for (int i = 0; i < n; i++) {
      double along = 0;
      for (int k = 0; k < n; k++) {
        along += left[i][k] * v[k];
      }
      for (int j = 0; j < n; j++) {
        matrix[i][j] = left[i][j] - 2 * along * v[j] / square;
      }
    }
  }

  @Test
  void smallest_areThemselves() {
    assertArrayEquals(new double[] {}, sorted(new double[][] {}));
    assertArrayEquals(new double[] {7}, sorted(new double[][] {{7}}));
    assertArrayEquals(new double[] {0, 0, 0}, sorted(new double[3][3]));
    assertArrayEquals(new double[] {-1, 3}, sorted(new double[][] {{1, 0}, {2, 1}}), 1e-15);
  }

  @Test
  void whatIsNotFinite_isRefused() {
    assertEquals(
        "covariance: its eigenvalues are not found (expected: finite features)",
        assertThrows(
                IllegalArgumentException.class,
                () -> SymmetricEigenvalues.of(new double[][] {{1, 0}, {Double.NaN, 1}}))
            .getMessage());
  }
}
