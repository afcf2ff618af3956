package dev.ancestral.bench.scenario;

import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.util.List;

/** A closed loop of 32 clients with equal requests: what the server does when it is never idle. */
final class ManyClients implements Scenario {
  private static final int CLIENTS = 32;
  private static final String BARE = "ONNX Runtime alone";

  @Override
  public String name() {
    return "clients-32";
  }

  @Override
  public String description() {
    return "a closed loop of 32 clients: steps of one row a second, against ONNX Runtime's best batch";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    Pace pace = lab.pace();
    Clients clients = Clients.equal(CLIENTS, pace.chainSteps());
    Turns turns = new Turns();
    for (Variant variant : Variant.ALL) {
      String target = lab.server(variant).target();
      turns.enter(variant.name(), () -> clients.stepsPerSecond(target, pace.loop()));
    }
    turns.enter(BARE, () -> lab.bareStepsPerSecond(pace.loop()));
    Rounds rounds = turns.run(name(), Quantity.STEPS_PER_SECOND, pace.rounds());
    String note = "%d clients, %d steps".formatted(CLIENTS, pace.chainSteps());
    List<Variant> all = Variant.ALL;
    for (Variant variant : all) {
      results.add(rounds.finding(variant.name(), BARE, note));
    }
    for (Variant baseline : all.subList(1, all.size())) {
      results.add(rounds.finding(all.get(0).name(), baseline.name(), note));
    }
  }
}
