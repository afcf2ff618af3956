package dev.ancestral.bench.scenario;

import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Contestants that are measured in turns, in the order in which they entered. */
final class Turns {
  private final Map<String, Measurement> contestants = new LinkedHashMap<>();

  /** Takes one measurement. */
  @FunctionalInterface
  interface Measurement {
    double take() throws IOException, InterruptedException;
  }

  void enter(String name, Measurement measurement) {
    contestants.put(name, measurement);
  }

  boolean has(String name) {
    return contestants.containsKey(name);
  }

  /** Runs the rounds, after one that is not counted. */
  Rounds run(String scenario, Quantity quantity, int count)
      throws IOException, InterruptedException {
    for (Measurement measurement : contestants.values()) {
      measurement.take();
    }
    Rounds rounds = new Rounds(scenario, quantity);
    for (int round = 0; round < count; round++) {
      for (Map.Entry<String, Measurement> contestant : contestants.entrySet()) {
        rounds.add(contestant.getKey(), contestant.getValue().take());
      }
    }
    return rounds;
  }
}
