package dev.ancestral.trainer.quality;

import java.util.List;

/**
 * How far two distributions are from one another, told from samples: 2E|X-Y| - E|X-X'| - E|Y-Y'|
 * with Euclidean norms (Székely and Rizzo 2013, "Energy statistics", eq. 5). It is 0 for equal
 * distributions alone.
 *
 * <p>The estimate averages over distinct pairs, so it is unbiased, and below 0 about every other
 * time where the distributions are the same. Pure.
 */
public final class EnergyDistance {
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
    return 2 * meanBetween(x, y) - meanWithin(x) - meanWithin(y);
  }

  private static void requireTwo(List<float[]> points) {
    if (points.size() < 2) {
      throw new IllegalArgumentException(
          "energy distance: %d point (expected: at least 2 on each side)".formatted(points.size()));
    }
  }

  private static double meanBetween(List<float[]> x, List<float[]> y) {
    double sum = 0;
    for (float[] point : x) {
      sum += sumTo(point, y, 0);
    }
    return sum / ((double) x.size() * y.size());
  }

  private static double meanWithin(List<float[]> x) {
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      sum += sumTo(x.get(i), x, i + 1);
    }
    return 2 * sum / ((double) x.size() * (x.size() - 1));
  }

  private static double sumTo(float[] point, List<float[]> others, int from) {
    double sum = 0;
    for (int j = from; j < others.size(); j++) {
      float[] other = others.get(j);
      double square = 0;
      for (int k = 0; k < point.length; k++) {
        double difference = (double) point[k] - other[k];
        square += difference * difference;
      }
      sum += Math.sqrt(square);
    }
    return sum;
  }
}
