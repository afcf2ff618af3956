package dev.ancestral.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements taken in turns: in each round every contestant is measured once, right after the one
 * before it. What else the machine does changes slowly, so it is in both numbers of a round's ratio
 * and cancels; the median of those ratios is what is reported, not the ratio of medians. The values
 * beside it are geometric means: on a machine that changes between two speeds each median may be at
 * another of them.
 */
public final class Rounds {
  private final String scenario;
  private final Quantity quantity;
  private final Map<String, List<Double>> values = new LinkedHashMap<>();

  /** Rounds without any contestant yet. */
  public Rounds(String scenario, Quantity quantity) {
    this.scenario = scenario;
    this.quantity = quantity;
  }

  /** The contestant's measurement of its next round. */
  public void add(String contestant, double value) {
    values.computeIfAbsent(contestant, ignored -> new ArrayList<>()).add(value);
  }

  /** A contestant's median. */
  public double median(String contestant) {
    return median(of(contestant));
  }

  /** A contestant by itself. */
  public Finding finding(String contestant, String note) {
    return Finding.of(scenario, contestant, quantity, median(contestant), note);
  }

  /**
   * A contestant against another.
   *
   * @throws IllegalStateException unless both have the same number of rounds, at least one
   */
  public Finding finding(String contestant, String reference, String note) {
    List<Double> ours = of(contestant);
    List<Double> theirs = of(reference);
    if (ours.size() != theirs.size()) {
      throw new IllegalStateException(
          "rounds: %d of %s, %d of %s (expected: as many)"
              .formatted(ours.size(), contestant, theirs.size(), reference));
    }
    List<Double> times = new ArrayList<>();
    for (int round = 0; round < ours.size(); round++) {
      times.add(quantity.timesAsGood(ours.get(round), theirs.get(round)));
    }
    return new Finding(
        scenario,
        contestant,
        quantity,
        geometricMean(ours),
        new Comparison(
            reference,
            geometricMean(theirs),
            median(times),
            times.size(),
            Interval.ofMedian(times)),
        note);
  }

  private static double geometricMean(List<Double> numbers) {
    return Math.exp(numbers.stream().mapToDouble(Math::log).average().orElseThrow());
  }

  private List<Double> of(String contestant) {
    List<Double> known = values.get(contestant);
    if (known == null) {
      throw new IllegalStateException("rounds: none of " + contestant + " (expected: at least 1)");
    }
    return known;
  }

  /** The number in the middle, or the mean of the two that are. */
  public static double median(List<Double> numbers) {
    List<Double> sorted = numbers.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
