package dev.ancestral.bench.scenario;

import dev.ancestral.bench.report.Rounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements that are repeated until they agree: until of each contestant the last two differ by
 * no more than a tolerance. What they were before does not count, since that is what a server does
 * before it is warm.
 */
final class Agreement {
  private final double tolerance;
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  /** {@code tolerance}: of the larger of two, such as 0.05. */
  Agreement(double tolerance) {
    this.tolerance = tolerance;
  }

  /** The contestant's next measurement, above 0. */
  void add(String contestant, double value) {
    values.computeIfAbsent(contestant, ignored -> new ArrayList<>()).add(value);
  }

  /** Whether there are contestants, and all of them agree with themselves. */
  boolean isReached() {
    return !values.isEmpty()
        && values.values().stream().allMatch(all -> all.size() >= 2)
        && difference() <= tolerance;
  }

  /** The largest difference between a contestant's last two, as a share of the larger. */
  double difference() {
    double most = 0;
    for (List<Double> all : values.values()) {
      double last = all.get(all.size() - 1);
      double before = all.get(Math.max(0, all.size() - 2));
      most = Math.max(most, Math.abs(last - before) / Math.max(last, before));
    }
    return most;
  }

  /** The mean of a contestant's last two if all agree; else the median of all that it has. */
  double of(String contestant) {
    List<Double> all = all(contestant);
    if (all.isEmpty()) {
      throw new IllegalStateException(contestant + ": not measured (expected: at least once)");
    }
    return Rounds.median(isReached() ? all.subList(all.size() - 2, all.size()) : all);
  }

  /** A contestant's measurements in the order in which they were taken. */
  List<Double> all(String contestant) {
    return List.copyOf(values.getOrDefault(contestant, List.of()));
  }

  /** The least of the contestants' numbers. */
  double least() {
    return values.keySet().stream().mapToDouble(this::of).min().orElseThrow();
  }
}
