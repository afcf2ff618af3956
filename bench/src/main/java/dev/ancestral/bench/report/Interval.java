package dev.ancestral.bench.report;

import java.util.List;

/**
 * Where a number lies that was estimated from measurements.
 *
 * @param low its lower end
 * @param high its upper end
 * @param confidence the probability with which such an interval holds what is estimated, 0..1
 */
public record Interval(double low, double high, double confidence) {
  /** What is aimed at. */
  static final double CONFIDENCE = 0.95;

  /** Checks that it is one. */
  public Interval {
    if (!(low <= high && confidence >= 0 && confidence <= 1)) {
      throw new IllegalArgumentException(
          "interval: %s..%s, confidence %s (expected: ascending, 0..1)"
              .formatted(low, high, confidence));
    }
  }

  /**
   * Where the median lies of what the measurements are drawn from.
   *
   * <p>Each is as likely below that median as above it, whatever the distribution: the k-th
   * smallest and the k-th largest of n hold it between them with 1 - 2 P(Binomial(n, 1/2) < k), as
   * in the sign test (Thompson 1936). This is the narrowest of these with at least 95 %; of fewer
   * than six measurements none has as much, and it is from the least to the most.
   *
   * @param measurements at least one, in any order
   */
  public static Interval ofMedian(List<Double> measurements) {
    List<Double> sorted = measurements.stream().sorted().toList();
    int n = sorted.size();
    double probability = Math.pow(0.5, n); // of exactly `below` of them below the median
    double tail = probability;
    int below = 0;
    while (below + 1 < n - below - 1) {
      double next = probability * (n - below) / (below + 1);
      if (1 - 2 * (tail + next) < CONFIDENCE) {
        break;
      }
      probability = next;
      tail += next;
      below++;
    }
    return new Interval(sorted.get(below), sorted.get(n - 1 - below), Math.max(0, 1 - 2 * tail));
  }
}
