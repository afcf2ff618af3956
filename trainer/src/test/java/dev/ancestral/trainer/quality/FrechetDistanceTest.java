package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
  /** ±scale along each axis: the mean is 0, the covariance diagonal. */
  private static float[][] cross(float... scales) {
    int size = scales.length;
    float[][] rows = new float[2 * size][size];
    for (int k = 0; k < size; k++) {
      rows[2 * k][k] = scales[k];
      rows[2 * k + 1][k] = -scales[k];
    }
    return rows;
  }

  private static float[][] times(float[][] rows, double[][] matrix) {
    float[][] products = new float[rows.length][matrix[0].length];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < matrix[0].length; j++) {
        double sum = 0;
        for (int k = 0; k < matrix.length; k++) {
          sum += rows[i][k] * matrix[k][j];
        }
        products[i][j] = (float) sum;
      }
    }
    return products;
  }

  @Test
  void aSetIsAtNoDistanceFromItself_inAnyOrder() {
    float[][] rows = Draws.normal(200, 64, 1);
    float[][] other = rows.clone();
    other[0] = rows[199];
    other[199] = rows[0];
    assertEquals(0, FrechetDistance.between(rows, other), 1e-6);
  }

  @Test
  void shift_countsItsSquare() {
    float[][] rows = Draws.normal(300, 16, 2);
    assertEquals(
        16 * 0.25, FrechetDistance.between(rows, Draws.affine(rows, 1, 0.5f)), 16 * 0.25 * 1e-5);
  }

  @Test
  void diagonalCovariances_countTheSquaresOfTheirRootsDifferences() {
    double share = Math.sqrt(2.0 / 7);
    double expected = 0;
    float[] a = {1, 2, 3, 0};
    float[] b = {2, 0.5f, 3, 1};
    for (int k = 0; k < 4; k++) {
      expected += Math.pow(share * (a[k] - b[k]), 2);
    }
    assertEquals(expected, FrechetDistance.between(cross(a), cross(b)), 1e-7);
  }

  @Test
  void covariancesThatDoNotCommute_followTheClosedFormOfTwoDimensions() {
    // A = c·diag(1, 4), B = c·M·Mᵀ with M = [[1, 0], [1, 1]]; c = 2/3 of a cross of two axes.
    float[][] a = cross(1, 2);
    float[][] b = times(cross(1, 1), new double[][] {{1, 1}, {0, 1}});
    double c = 2.0 / 3;
    // tr(AB) = 1·1 + 4·2, det(AB) = 4·1; tr √(AB) = √(tr + 2·√det).
    double root = Math.sqrt(9 + 2 * Math.sqrt(4));
    assertEquals(c * (5 + 3 - 2 * root), FrechetDistance.between(a, b), 1e-9);
  }

  @Test
  void fewerSamplesThanFeatures_areASingularCovariance_andStillMeasured() {
    float[][] few = Draws.normal(10, 64, 4);
    double spread = 0;
    double centre = 0;
    for (int k = 0; k < 64; k++) {
      double mean = 0;
      for (float[] row : few) {
        mean += row[k] / 10.0;
      }
      for (float[] row : few) {
        spread += (row[k] - mean) * (row[k] - mean) / 9;
      }
      centre += mean * mean;
    }
    // Of X and 3·X: (3 - 1)²·(tr C + |μ|²).
    double expected = 4 * (spread + centre);
    assertEquals(expected, FrechetDistance.between(few, Draws.affine(few, 3, 0)), expected * 1e-5);
  }

  @Test
  void featuresThatNeverChange_countNothingButTheirMean() {
    float[][] rows = Draws.normal(50, 8, 5);
    float[][] more = new float[50][16];
    float[][] moved = new float[50][16];
    for (int i = 0; i < 50; i++) {
      System.arraycopy(rows[i], 0, more[i], 0, 8);
      System.arraycopy(rows[i], 0, moved[i], 0, 8);
      moved[i][12] = 3;
    }
    assertEquals(9, FrechetDistance.between(more, moved), 1e-5);
  }

  @Test
  void distance_isTheSameFromBothSides_andUnderARotation() {
    float[][] a = Draws.normal(40, 3, 6);
    float[][] b = times(Draws.normal(60, 3, 7), new double[][] {{2, 0, 0}, {1, 1, 0}, {0, 3, .1}});
    double c = Math.cos(0.7);
    double s = Math.sin(0.7);
    double[][] rotation = {{c, s, 0}, {-s, c, 0}, {0, 0, 1}};
    double distance = FrechetDistance.between(a, b);
    assertEquals(distance, FrechetDistance.between(b, a), 1e-9);
    assertEquals(distance, FrechetDistance.between(times(a, rotation), times(b, rotation)), 1e-5);
  }

  @Test
  void whatHasNoCovariance_isRefused() {
    float[][] two = {{1, 2}, {3, 4}};
    assertEquals("a: 1 sample (expected: at least 2)", refusal(new float[][] {{1, 2}}, two));
    assertEquals("b: 1 features (expected: 2)", refusal(two, new float[][] {{1}, {2}}));
    assertEquals(
        "b: a feature is NaN (expected: finite)",
        refusal(two, new float[][] {{1, 2}, {Float.NaN, 0}}));
  }

  private static String refusal(float[][] a, float[][] b) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> FrechetDistance.between(a, b))
            .getMessage());
  }
}
