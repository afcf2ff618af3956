package dev.ancestral.trainer.quality;

/**
 * The eigenvalues of a symmetric matrix: Householder's reduction to tridiagonal form (Golub and Van
 * Loan, "Matrix Computations", algorithm 8.3.1), then the implicit QL iteration with Wilkinson's
 * shift (8.3.3, from the other end). No vectors, so it takes 4/3·n³ multiplications. Pure.
 */
final class SymmetricEigenvalues {
  /** Three a value are usual. */
  private static final int MOST_ITERATIONS = 60;

  private SymmetricEigenvalues() {}

  /**
   * All eigenvalues, in no order.
   *
   * @param symmetric square; what stands above its diagonal is not read; destroyed
   */
  static double[] of(double[][] symmetric) {
    int n = symmetric.length;
    double[] diagonal = new double[n];
    double[] beside = new double[n];
    tridiagonalise(symmetric, diagonal, beside);
    iterate(diagonal, beside);
    return diagonal;
  }

  /** {@code beside[i]} becomes the element between i and i + 1. */
  private static void tridiagonalise(double[][] a, double[] diagonal, double[] beside) {
    int n = a.length;
    double[] v = new double[n];
    double[] w = new double[n];
    for (int k = 0; k < n; k++) {
      diagonal[k] = a[k][k];
      if (k + 1 == n) {
        break;
      }
      double norm = 0;
      for (int i = k + 1; i < n; i++) {
        v[i] = a[i][k];
        norm = Math.hypot(norm, v[i]);
      }
      double corner = v[k + 1];
      beside[k] = corner > 0 ? -norm : norm;
      v[k + 1] = corner - beside[k];
      // vᵀv/2 of the reflection I - v·vᵀ/h.
      double h = norm * (norm + Math.abs(corner));
      if (h > 0) {
        reflect(a, k + 1, v, w, h);
      }
    }
  }

  /** A ← P·A·P from row and column {@code first} on: A - v·wᵀ - w·vᵀ in its lower half. */
  private static void reflect(double[][] a, int first, double[] v, double[] w, double h) {
    int n = a.length;
    for (int i = first; i < n; i++) {
      w[i] = 0;
    }
    for (int i = first; i < n; i++) {
      double[] row = a[i];
      double sum = row[i] * v[i];
      for (int j = first; j < i; j++) {
        sum += row[j] * v[j];
        w[j] += row[j] * v[i];
      }
      w[i] += sum;
    }
    double along = 0;
    for (int i = first; i < n; i++) {
      w[i] /= h;
      along += w[i] * v[i];
    }
    for (int i = first; i < n; i++) {
      w[i] -= along / (2 * h) * v[i];
    }
    for (int i = first; i < n; i++) {
      double[] row = a[i];
      for (int j = first; j <= i; j++) {
        row[j] -= v[i] * w[j] + w[i] * v[j];
      }
    }
  }

  private static void iterate(double[] d, double[] e) {
    int n = d.length;
    double scale = 0;
    for (int i = 0; i < n; i++) {
      scale = Math.max(scale, Math.abs(d[i]) + Math.abs(e[i]));
    }
    // The largest of numbers with a NaN among them is NaN.
    if (!Double.isFinite(scale)) {
      throw notFound();
    }
    double negligible = Math.ulp(scale) / 2;
    for (int low = 0; low < n; low++) {
      int high = split(e, low, negligible);
      for (int iteration = 0; high > low; iteration++) {
        if (iteration == MOST_ITERATIONS) {
          throw notFound();
        }
        sweep(d, e, low, high);
        high = split(e, low, negligible);
      }
    }
  }

  private static IllegalArgumentException notFound() {
    return new IllegalArgumentException(
        "covariance: its eigenvalues are not found (expected: finite features)");
  }

  /** The first index from {@code low} on that nothing binds to the next one. */
  private static int split(double[] e, int low, double negligible) {
    int high = low;
    while (high < e.length - 1 && Math.abs(e[high]) > negligible) {
      high++;
    }
    return high;
  }

  /** One QL step on the block from low to high. */
  private static void sweep(double[] d, double[] e, int low, int high) {
    double half = (d[low + 1] - d[low]) / (2 * e[low]);
    double shift = d[low] - e[low] / (half + Math.copySign(Math.hypot(half, 1), half));
    double g = d[high] - shift;
    double sine = 1;
    double cosine = 1;
    double p = 0;
    for (int i = high - 1; i >= low; i--) {
      double f = sine * e[i];
      double b = cosine * e[i];
      double r = Math.hypot(f, g);
      if (i + 1 < high) {
        e[i + 1] = r;
      }
      if (r == 0) {
        d[i + 1] -= p;
        return;
      }
      sine = f / r;
      cosine = g / r;
      g = d[i + 1] - p;
      double t = (d[i] - g) * sine + 2 * cosine * b;
      p = sine * t;
      d[i + 1] = g + p;
      g = cosine * t - b;
    }
    d[low] -= p;
    e[low] = g;
  }
}
