package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;

/**
 * One request with the server to itself, over the wire, beside as many of the network's calls
 * alone. A longer chain shows what a step costs, a shorter one what a request costs besides.
 */
final class OneAlone implements Scenario {
  private static final String BARE = "ONNX Runtime alone";

  @Override
  public String name() {
    return "alone";
  }

  @Override
  public String description() {
    return "one request with the server to itself: milliseconds a step, against the network's calls alone";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    Variant ours = Variant.ALL.get(0);
    Variant theirs = Variant.ALL.get(1);
    try (LoadClient connection = lab.connect(ours);
        LoadClient baseline = lab.connect(theirs)) {
      int steps = lab.pace().chainSteps();
      Turns turns = new Turns();
      turns.enter(ours.name(), () -> perStep(connection, steps));
      turns.enter(theirs.name(), () -> perStep(baseline, steps));
      turns.enter(BARE, () -> bare(lab, steps));
      PyTorchTurns pyTorch =
          new PyTorchTurns(
              lab,
              turns,
              name(),
              Quantity.MILLISECONDS,
              "",
              it -> it.run(1, steps).toNanos() / 1e6 / steps);
      Rounds rounds = turns.run(name(), Quantity.MILLISECONDS, lab.pace().pairs());
      results.add(rounds.finding(ours.name(), BARE, note(steps)));
      results.add(rounds.finding(theirs.name(), BARE, note(steps)));
      pyTorch.findings(rounds, ours.name(), note(steps), results::add);

      int most = Requests.MOST_STEPS;
      Turns longer = new Turns();
      longer.enter(ours.name(), () -> perStep(connection, most));
      longer.enter(BARE, () -> bare(lab, most));
      results.add(
          longer
              .run(name(), Quantity.MILLISECONDS, lab.pace().pairs())
              .finding(ours.name(), BARE, note(most)));
    }
  }

  private static String note(int steps) {
    return "a step of %d".formatted(steps);
  }

  private static double perStep(LoadClient connection, int steps)
      throws IOException, InterruptedException {
    return OneRequest.millis(connection, Requests.ofSteps(steps, Lab.SEED)) / steps;
  }

  private static double bare(Lab lab, int steps) {
    return lab.bare().run(1, steps).toNanos() / 1e6 / steps;
  }
}
