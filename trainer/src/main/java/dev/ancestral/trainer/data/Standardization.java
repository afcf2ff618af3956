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
  /** A factor away from 0 and 1 that schedules and networks do not expect. */
  private static final double FAR = 10;

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
      // A rounded mean of equal numbers must not make a deviation.
      boolean equal = points.stream().allMatch(point -> point[axis] == points.get(0)[axis]);
      mean[i] = equal ? points.get(0)[i] : centre;
      deviation[i] = equal || variance == 0 ? 1 : Math.sqrt(variance);
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
      if (reach > FAR || deviation.get(i) < 1 / FAR) {
        return true;
      }
    }
    return false;
  }

  /** Such as {@code mean [1.00000, 2.00000], standard deviation [3.00000, 4.00000]}. */
  String words() {
    return "mean %s, standard deviation %s".formatted(listed(mean), listed(deviation));
  }

  /** How a sample becomes one of the data's units, with every digit. */
  public String wayBack() {
    return "samples times %s, plus %s, are in the data's units".formatted(deviation, mean);
  }

  private static String listed(List<Double> numbers) {
    return numbers.stream()
        .map(number -> String.format(Locale.ROOT, "%.6g", number))
        .toList()
        .toString();
  }
}
