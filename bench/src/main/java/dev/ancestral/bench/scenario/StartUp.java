package dev.ancestral.bench.scenario;

import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;

/** How long a server takes to be ready, launcher included. */
final class StartUp implements Scenario {
  @Override
  public String name() {
    return "start-up";
  }

  @Override
  public String description() {
    return "from the launcher's start to READY; the first start may have measured what later ones read";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    Rounds rounds = new Rounds(name(), Quantity.MILLISECONDS);
    String first = "first start";
    String later = "later start";
    rounds.add(first, once(lab));
    for (int round = 0; round < lab.pace().rounds(); round++) {
      rounds.add(later, once(lab));
    }
    results.add(rounds.finding(first, ""));
    results.add(rounds.finding(later, "median of %d".formatted(lab.pace().rounds())));
  }

  private static double once(Lab lab) throws IOException, InterruptedException {
    try (ServerProcess server = lab.start(Variant.ALL.get(0))) {
      return server.startUp().toNanos() / 1e6;
    }
  }
}
