package dev.ancestral.trainer.quality;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How far two distributions are from one another, told from samples: 2E|X-Y| - E|X-X'| - E|Y-Y'|
 * with Euclidean norms (Székely and Rizzo 2013, "Energy statistics", eq. 5). It is 0 for equal
 * distributions alone.
 *
 * <p>The estimate averages over distinct pairs, so it is unbiased, and below 0 about every other
 * time where the distributions are the same. Pure.
 */
public final class EnergyDistance {
  /** Of a normal distribution, 95 of 100 lie below the mean and so many standard deviations. */
  private static final double NORMAL_95 = 1.6448536;

  private EnergyDistance() {}

  /**
   * The estimate; the numbers' own unit, not its square root.
   *
   * @param x at least two points, all of one length
   * @param y at least two points of the same length
   */
  public static double between(List<float[]> x, List<float[]> y) {
    requireTwo(x);
    requireTwo(y);
    return new Sums(x, y).distance();
  }

  /**
   * The estimate and where it would lie for other points, by the jackknife of both sides (Arvesen
   * 1969, "Jackknifing U-statistics"): wide enough where the distributions differ, too wide where
   * they are the same.
   *
   * @param x at least three points, all of one length
   * @param y at least three points of the same length
   */
  public static Interval interval(List<float[]> x, List<float[]> y) {
    if (x.size() < 3 || y.size() < 3) {
      throw new IllegalArgumentException(
          "energy distance: an interval of %d and %d points (expected: at least 3 on each side)"
              .formatted(x.size(), y.size()));
    }
    Sums sums = new Sums(x, y);
    double error = Math.sqrt(sums.varianceOfX() + sums.mirrored().varianceOfX());
    double distance = sums.distance();
    return new Interval(distance, distance - NORMAL_95 * error, distance + NORMAL_95 * error);
  }

  private static void requireTwo(List<float[]> points) {
    if (points.size() < 2) {
      throw new IllegalArgumentException(
          "energy distance: %d point (expected: at least 2 on each side)".formatted(points.size()));
    }
  }

  /** Of each point, its distances to the other side's and to its own side's. */
  private static final class Sums {
    private final double[] xToY;
    private final double[] yToX;
    private final double[] xToX;
    private final double[] yToY;

    private Sums(double[] xToY, double[] yToX, double[] xToX, double[] yToY) {
      this.xToY = xToY;
      this.yToX = yToX;
      this.xToX = xToX;
      this.yToY = yToY;
    }

    Sums(List<float[]> x, List<float[]> y) {
      this(new double[x.size()], new double[y.size()], within(x), within(y));
      for (int i = 0; i < xToY.length; i++) {
        for (int j = 0; j < yToX.length; j++) {
          double distance = norm(x.get(i), y.get(j));
          xToY[i] += distance;
          yToX[j] += distance;
        }
      }
    }

    private static double[] within(List<float[]> points) {
      double[] sums = new double[points.size()];
      for (int i = 0; i < sums.length; i++) {
        for (int j = i + 1; j < sums.length; j++) {
          double distance = norm(points.get(i), points.get(j));
          sums[i] += distance;
          sums[j] += distance;
        }
      }
      return sums;
    }

    Sums mirrored() {
      return new Sums(yToX, xToY, yToY, xToX);
    }

    double distance() {
      double n = xToY.length;
      double m = yToX.length;
      return 2 * sum(xToY) / (n * m) - sum(xToX) / (n * (n - 1)) - sum(yToY) / (m * (m - 1));
    }

    /** What leaving out one point of x after the other says of the distance's variance. */
    double varianceOfX() {
      int n = xToY.length;
      double m = yToX.length;
      double between = sum(xToY);
      double within = sum(xToX);
      double[] without = new double[n];
      for (int i = 0; i < n; i++) {
        without[i] =
            2 * (between - xToY[i]) / ((n - 1) * m)
                - (within - 2 * xToX[i]) / ((n - 1.0) * (n - 2));
      }
      double mean = sum(without) / n;
      double squares = 0;
      for (double value : without) {
        squares += (value - mean) * (value - mean);
      }
      return squares * (n - 1) / n;
    }

    private static double sum(double[] values) {
      return DoubleStream.of(values).sum();
    }

    private static double norm(float[] a, float[] b) {
      double square = 0;
      for (int k = 0; k < a.length; k++) {
        double difference = (double) a[k] - b[k];
        square += difference * difference;
      }
      return Math.sqrt(square);
    }
  }
}
