package dev.ancestral.bench.scenario;

import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Contestants that are measured in turns, in the order in which they entered and, in every other
 * round, in the opposite one: if one were always the second, a machine that becomes slower would be
 * its fault.
 */
final class Turns {
  private final Duration rest;
  private final List<Measurements> turns = new ArrayList<>();

  /** Takes one measurement. */
  @FunctionalInterface
  interface Measurement {
    double take() throws IOException, InterruptedException;
  }

  /** Takes measurements of several contestants at once. */
  @FunctionalInterface
  interface Measurements {
    Map<String, Double> take() throws IOException, InterruptedException;
  }

  /** With a rest before each turn, in which what the one before left behind comes to its end. */
  Turns() {
    this(Lab.REST);
  }

  Turns(Duration rest) {
    this.rest = rest;
  }

  void enter(String name, Measurement measurement) {
    enter(() -> Map.of(name, measurement.take()));
  }

  void enter(Measurements measurements) {
    turns.add(measurements);
  }

  /** Runs the rounds, after one that is not counted. */
  Rounds run(String scenario, Quantity quantity, int count)
      throws IOException, InterruptedException {
    List<Measurements> order = new ArrayList<>(turns);
    Rounds rounds = new Rounds(scenario, quantity);
    for (int round = 0; round <= count; round++) {
      for (Measurements turn : order) {
        Thread.sleep(rest.toMillis());
        Map<String, Double> values = turn.take();
        if (round > 0) {
          values.forEach(rounds::add);
        }
      }
      Collections.reverse(order);
    }
    return rounds;
  }
}
