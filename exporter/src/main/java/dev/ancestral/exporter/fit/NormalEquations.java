package dev.ancestral.exporter.fit;

/**
 * Linear least squares by the normal equations, in double: factors f that minimise Σ(y - Σ_k f_k
 * a_k)² over all rows that were added. Sums are taken in the order of the rows, so the same rows
 * give the same bits.
 *
 * <p>Each column is scaled to a sum of squares of 1, and {@link #RIDGE} is added to the diagonal:
 * where two columns say the same, as two equal estimates of x0 do, they share the factor instead of
 * getting two huge ones, whose difference would be rounding. A column that is far smaller than y is
 * scaled as if it were {@link #LEAST} of y. So no factor is above 1 / (2·√RIDGE·LEAST), half a
 * million, and one of zeros is 0. For one thread.
 */
final class NormalEquations {
  /** Far below what a fit can resolve, and far above the square of a float's rounding. */
  private static final double RIDGE = 1e-6;

  private static final double LEAST = 1e-3;
  private static final double MOST_GROWTH = 2;

  private final int columns;
  private final double[][] products;
  private final double[] targets;
  private double squares;

  /** No rows yet. */
  NormalEquations(int columns) {
    this.columns = columns;
    this.products = new double[columns][columns];
    this.targets = new double[columns];
  }

  /**
   * Adds one row for each element.
   *
   * @param target y
   * @param terms a_1, a_2 ...: as many as there are columns, each of y's length
   */
  void add(float[] target, float[]... terms) {
    if (terms.length != columns) {
      throw new IllegalArgumentException(
          "terms: %d (expected: %d)".formatted(terms.length, columns));
    }
    squares += dot(target, target);
    for (int i = 0; i < columns; i++) {
      for (int j = i; j < columns; j++) {
        products[i][j] += dot(terms[i], terms[j]);
      }
      targets[i] += dot(terms[i], target);
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }

  /**
   * The factors of {@link #solve}, all made larger by as much as brings the sum of squares of the
   * form to y's, but no more than to twice their size. The least squares alone leave it smaller by
   * what they cannot explain: chains that lose so much at every step end at pictures that are too
   * alike, though each is as near as it can be.
   */
  double[] solveAtEnergy() {
    double[] f = solve();
    double energy = 0;
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        energy += f[i] * f[j] * products[Math.min(i, j)][Math.max(i, j)];
      }
    }
    double growth = energy > 0 ? Math.min(MOST_GROWTH, Math.sqrt(squares / energy)) : 1;
    for (int i = 0; i < columns; i++) {
      f[i] *= growth;
    }
    return f;
  }

  /** The factors, one a column. */
  double[] solve() {
    double[] scale = new double[columns];
    for (int i = 0; i < columns; i++) {
      double size = Math.sqrt(Math.max(products[i][i], LEAST * LEAST * squares));
      scale[i] = size > 0 ? 1 / size : 0;
    }
    double[][] a = new double[columns][columns];
    double[] f = new double[columns];
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < columns; j++) {
        a[i][j] = products[Math.min(i, j)][Math.max(i, j)] * scale[i] * scale[j];
      }
      a[i][i] += RIDGE;
      f[i] = targets[i] * scale[i];
    }
    eliminate(a, f);
    for (int i = 0; i < columns; i++) {
      f[i] *= scale[i];
    }
    return f;
  }

  /**
   * Solves a·x = b for x, which takes b's place.
   *
   * @param a symmetric and positive definite, so that no pivots are looked for; changes
   */
  static void eliminate(double[][] a, double[] b) {
    for (int i = 0; i < b.length; i++) {
      for (int row = i + 1; row < b.length; row++) {
        double factor = a[row][i] / a[i][i];
        for (int j = i; j < b.length; j++) {
          a[row][j] -= factor * a[i][j];
        }
        b[row] -= factor * b[i];
      }
    }
    for (int i = b.length - 1; i >= 0; i--) {
      for (int j = i + 1; j < b.length; j++) {
        b[i] -= a[i][j] * b[j];
      }
      b[i] /= a[i][i];
    }
  }
}
