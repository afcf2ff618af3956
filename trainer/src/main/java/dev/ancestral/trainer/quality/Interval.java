package dev.ancestral.trainer.quality;

import java.util.Arrays;

/**
 * A figure and where it would lie for other samples.
 *
 * @param value the figure
 * @param low 5 of 100 draws lie below
 * @param high 5 of 100 draws lie above
 */
public record Interval(double value, double low, double high) {
  private static final double TAIL = 0.05;

  /** Of draws that lie around the value. */
  static Interval of(double value, double[] draws) {
    double[] sorted = draws.clone();
    Arrays.sort(sorted);
    return new Interval(value, quantile(sorted, TAIL), quantile(sorted, 1 - TAIL));
  }

  /** Linear between the two draws beside it. */
  private static double quantile(double[] sorted, double share) {
    double place = share * (sorted.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, sorted.length - 1);
    // Between two infinite draws there is no difference to take a part of.
    return sorted[below] == sorted[above]
        ? sorted[below]
        : sorted[below] + (place - below) * (sorted[above] - sorted[below]);
  }
}
