package dev.ancestral.bench.scenario;

import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Comparison;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import java.io.IOException;
import java.util.stream.Collectors;

/**
 * Steps of one row that each server does in a second when it is never idle: over the wire, with the
 * mix of requests that is to arrive. Measured when the servers have been running for a while, in
 * turns, until two turns agree: just-in-time compilers, here and there, and curves of costs that
 * are refined while serving take their time.
 */
final class Capacity {
  private static final int CLIENTS = 32;
  private static final double TOLERANCE = 0.05;
  private static final Clients MIXED = Clients.mixed(CLIENTS);

  private final Agreement agreement;
  private final int turns;

  private Capacity(Agreement agreement, int turns) {
    this.agreement = agreement;
    this.turns = turns;
  }

  /** Measures it now. */
  static Capacity measure(Lab lab) throws IOException, InterruptedException {
    turn(lab, new Window(lab.pace().settling(), lab.pace().turn().measured()), new Agreement(1));
    Agreement agreement = new Agreement(TOLERANCE);
    int turns = 0;
    while (turns < lab.pace().capacityTurns() && !agreement.isReached()) {
      turn(lab, lab.pace().capacity(), agreement);
      turns++;
    }
    return new Capacity(agreement, turns);
  }

  private static void turn(Lab lab, Window window, Agreement agreement)
      throws IOException, InterruptedException {
    for (Variant variant : Variant.ALL) {
      agreement.add(variant.name(), MIXED.stepsPerSecond(lab.server(variant).target(), window));
      Lab.rest();
    }
  }

  /** What all servers can do: the least of theirs, so that 95 % of it is too much for none. */
  double stepsPerSecond() {
    return agreement.least();
  }

  /** What was found, and whether it can be relied on. */
  void report(String scenario, Results results) {
    String ours = Variant.ALL.get(0).name();
    String theirs = Variant.ALL.get(1).name();
    results.add(
        new Finding(
            scenario,
            "capacity, " + ours,
            Quantity.STEPS_PER_SECOND,
            agreement.of(ours),
            compare("capacity, " + theirs, agreement.of(ours), agreement.of(theirs)),
            agreement.isReached()
                ? "%d turns, the last two within %.1f %%"
                    .formatted(turns, 100 * agreement.difference())
                : "NOT SETTLED: the last two of %d turns differ by %.1f %% (expected: %.0f %%): %s; %s"
                    .formatted(
                        turns,
                        100 * agreement.difference(),
                        100 * TOLERANCE,
                        turns(ours),
                        turns(theirs))));
  }

  /** What it did in each turn. */
  private String turns(String variant) {
    return agreement.all(variant).stream()
        .map("%.0f"::formatted)
        .collect(Collectors.joining(", ", variant + " ", ""));
  }

  /** Measures it once more, and says whether it is what it was. */
  void reportAgain(Lab lab, String scenario, Results results)
      throws IOException, InterruptedException {
    Agreement again = new Agreement(TOLERANCE);
    turn(lab, lab.pace().capacity(), again);
    double before = stepsPerSecond();
    double after = again.least();
    boolean moved = Math.abs(after - before) > TOLERANCE * Math.max(after, before);
    results.add(
        new Finding(
            scenario,
            "capacity of all, afterwards",
            Quantity.STEPS_PER_SECOND,
            after,
            compare("capacity of all, before", after, before),
            moved ? "MOVED meanwhile: the load was another share of it" : ""));
  }

  private static Comparison compare(String reference, double value, double other) {
    return Comparison.once(reference, other, Quantity.STEPS_PER_SECOND.timesAsGood(value, other));
  }
}
