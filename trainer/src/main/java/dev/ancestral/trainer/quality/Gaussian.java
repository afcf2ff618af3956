package dev.ancestral.trainer.quality;

import java.util.Arrays;

/**
 * A normal distribution with the mean and the covariance of samples, and Fréchet's distance between
 * two of them (Dowson and Landau 1982, "The Fréchet distance between multivariate normal
 * distributions", eq. 4):
 *
 * <pre>
 * d² = |μ_a - μ_b|² + tr(A + B - 2·(A·B)^½)
 * </pre>
 *
 * With any factor A = L·Lᵀ, A·B has the eigenvalues of Lᵀ·B·L, which is symmetric, so the trace of
 * the root is the sum of their roots. The factor is Cholesky's with pivoting, which stops at the
 * rank: covariances of few samples, or with features that never change, are singular. Pure;
 * immutable.
 */
final class Gaussian {
  /** What is left of a variance that is rounding alone, as a share of the largest one. */
  private static final double NEGLIGIBLE = 1e-13;

  private final double[] mean;
  private final double[][] covariance;

  /** L, its columns as rows. */
  private final double[][] factor;

  private Gaussian(double[] mean, double[][] covariance) {
    this.mean = mean;
    this.covariance = covariance;
    this.factor = factor(covariance);
  }

  /**
   * Of samples, each counted once.
   *
   * @param rows at least two, all of one length
   */
  static Gaussian of(float[][] rows) {
    int[] once = new int[rows.length];
    Arrays.fill(once, 1);
    return of(rows, once);
  }

  /**
   * Of samples, each counted as often as said.
   *
   * @param rows at least two, all of one length
   * @param times how often each counts, 2 or more in all
   */
  static Gaussian of(float[][] rows, int[] times) {
    int count = 0;
    int size = rows[0].length;
    double[] mean = new double[size];
    for (int i = 0; i < rows.length; i++) {
      count += times[i];
      for (int k = 0; k < size; k++) {
        mean[k] += (double) times[i] * rows[i][k];
      }
    }
    for (int k = 0; k < size; k++) {
      mean[k] /= count;
    }
    double[][] covariance = new double[size][size];
    double[] centred = new double[size];
    for (int i = 0; i < rows.length; i++) {
      if (times[i] > 0) {
        for (int k = 0; k < size; k++) {
          centred[k] = rows[i][k] - mean[k];
        }
        addSquare(covariance, centred, (double) times[i] / (count - 1));
      }
    }
    for (int k = 0; k < size; k++) {
      for (int j = 0; j < k; j++) {
        covariance[j][k] = covariance[k][j];
      }
    }
    return new Gaussian(mean, covariance);
  }

  /** Adds weight·x·xᵀ to the lower half. */
  private static void addSquare(double[][] sum, double[] x, double weight) {
    for (int k = 0; k < x.length; k++) {
      double[] row = sum[k];
      double weighted = weight * x[k];
      for (int j = 0; j <= k; j++) {
        row[j] += weighted * x[j];
      }
    }
  }

  private static double[][] factor(double[][] covariance) {
    int n = covariance.length;
    double[][] left = new double[n][];
    double largest = 0;
    for (int k = 0; k < n; k++) {
      left[k] = covariance[k].clone();
      largest = Math.max(largest, left[k][k]);
    }
    double[][] columns = new double[n][];
    for (int rank = 0; rank < n; rank++) {
      int pivot = 0;
      for (int k = 1; k < n; k++) {
        pivot = left[k][k] > left[pivot][pivot] ? k : pivot;
      }
      double variance = left[pivot][pivot];
      if (!(variance > NEGLIGIBLE * largest)) {
        return Arrays.copyOf(columns, rank);
      }
      double[] column = left[pivot].clone();
      for (int k = 0; k < n; k++) {
        column[k] /= Math.sqrt(variance);
      }
      for (int k = 0; k < n; k++) {
        for (int j = 0; j < n; j++) {
          left[k][j] -= column[k] * column[j];
        }
      }
      // Exactly nothing is left of it, whatever rounding says.
      for (int k = 0; k < n; k++) {
        left[k][pivot] = 0;
        left[pivot][k] = 0;
      }
      columns[rank] = column;
    }
    return columns;
  }

  /** d² to another one of as many dimensions; 0 or more. */
  double distanceTo(Gaussian other) {
    double sum = 0;
    for (int k = 0; k < mean.length; k++) {
      double difference = mean[k] - other.mean[k];
      sum += difference * difference + covariance[k][k] + other.covariance[k][k];
    }
    for (double eigenvalue : SymmetricEigenvalues.of(between(factor, other.covariance))) {
      // Below 0 by rounding alone.
      sum -= 2 * Math.sqrt(Math.max(0, eigenvalue));
    }
    return Math.max(0, sum);
  }

  /** Lᵀ·B·L. */
  private static double[][] between(double[][] columns, double[][] matrix) {
    int rank = columns.length;
    int n = matrix.length;
    double[][] product = new double[rank][rank];
    double[] image = new double[n];
    for (int i = 0; i < rank; i++) {
      for (int k = 0; k < n; k++) {
        image[k] = dot(matrix[k], columns[i]);
      }
      for (int j = 0; j <= i; j++) {
        product[i][j] = dot(image, columns[j]);
      }
    }
    return product;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }
}
