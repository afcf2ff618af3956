package dev.ancestral.trainer.data;

import java.util.List;
import java.util.Locale;

/**
 * What makes every coordinate of points have mean 0 and standard deviation 1.
 *
 * @param mean of each coordinate, which is subtracted
 * @param deviation of each coordinate, by which what is left is divided; 1 where all are equal
 */
public record Standardization(List<Double> mean, List<Double> deviation) {
  /**
   * Outside of these a standard deviation is far from what a network and a noise schedule expect.
   */
  private static final double SMALL = 0.05;

  private static final double LARGE = 20;

  /** Copies the numbers and checks that there are equally many. */
  public Standardization {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size() || deviation.stream().anyMatch(each -> !(each > 0))) {
      throw new IllegalArgumentException(
          "standardization: %s and %s (expected: a mean and a deviation above 0 for each coordinate)"
              .formatted(mean, deviation));
    }
  }

  static Standardization of(List<double[]> points) {
    int length = points.get(0).length;
    Double[] mean = new Double[length];
    Double[] deviation = new Double[length];
    for (int i = 0; i < length; i++) {
      int axis = i;
      double centre = points.stream().mapToDouble(point -> point[axis]).average().orElse(0);
      double variance =
          points.stream()
              .mapToDouble(point -> (point[axis] - centre) * (point[axis] - centre))
              .average()
              .orElse(0);
      mean[i] = centre;
      deviation[i] = variance > 0 ? Math.sqrt(variance) : 1;
    }
    return new Standardization(List.of(mean), List.of(deviation));
  }

  float[] apply(double[] point) {
    float[] standard = new float[point.length];
    for (int i = 0; i < point.length; i++) {
      standard[i] = (float) ((point[i] - mean.get(i)) / deviation.get(i));
    }
    return standard;
  }

  /** Whether points as they are would be far from standard. */
  boolean isNeeded() {
    for (int i = 0; i < mean.size(); i++) {
      double reach = Math.abs(mean.get(i)) + deviation.get(i);
      if (reach > LARGE || deviation.get(i) < SMALL) {
        return true;
      }
    }
    return false;
  }

  /** Such as {@code mean [1, 2], standard deviation [3, 4]}. */
  public String words() {
    return "mean %s, standard deviation %s".formatted(listed(mean), listed(deviation));
  }

  private static String listed(List<Double> numbers) {
    return numbers.stream()
        .map(number -> String.format(Locale.ROOT, "%.6g", number))
        .toList()
        .toString();
  }
}
