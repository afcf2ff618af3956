package dev.ancestral.bench.scenario;

import dev.ancestral.bench.baseline.PyTorch;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** PyTorch among the contestants, in each of its modes that can be had here. */
final class PyTorchTurns {
  private final String suffix;
  private final List<PyTorch.Mode> entered = new ArrayList<>();
  private final List<String> versions = new ArrayList<>();
  private final List<Finding> missing = new ArrayList<>();

  /** Takes one measurement, in the unit of the turns. */
  @FunctionalInterface
  interface Measurement {
    double take(PyTorch pyTorch) throws IOException, InterruptedException;
  }

  /**
   * Lets each mode take its turns.
   *
   * @param scenario whose turns they are
   * @param quantity that is measured
   * @param suffix of the contestants' names
   */
  PyTorchTurns(
      Lab lab,
      Turns turns,
      String scenario,
      Quantity quantity,
      String suffix,
      Measurement measurement)
      throws IOException, InterruptedException {
    this.suffix = suffix;
    for (PyTorch.Mode mode : PyTorch.Mode.values()) {
      try {
        PyTorch pyTorch = lab.pyTorch(mode);
        turns.enter(name(mode), () -> measurement.take(pyTorch));
        entered.add(mode);
        versions.add(pyTorch.version());
      } catch (PyTorch.Unavailable e) {
        missing.add(Finding.missing(scenario, name(mode), quantity, e.reason()));
      }
    }
  }

  /** Hands on a subject beside each mode, and why the others took no turn. */
  void findings(Rounds rounds, String subject, String note, Consumer<Finding> results) {
    for (int i = 0; i < entered.size(); i++) {
      String version = versions.get(i);
      results.accept(
          rounds.finding(
              subject, name(entered.get(i)), note.isEmpty() ? version : note + ", " + version));
    }
    missing.forEach(results);
  }

  private String name(PyTorch.Mode mode) {
    return mode.label() + suffix;
  }
}
