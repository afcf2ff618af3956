package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;

/** What streaming costs: every state of every chain to every client, none left out. */
final class EveryFrame implements Scenario {
  private static final int CLIENTS = 16;
  private static final String FRAMES = "every frame streamed";
  private static final String PLAIN = "no frames";

  @Override
  public String name() {
    return "frames";
  }

  @Override
  public String description() {
    return "a closed loop of 16 clients, every frame streamed to all, against no frames";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    Pace pace = lab.pace();
    String target = lab.server(Variant.ALL.get(0)).target();
    Clients plain = Clients.equal(CLIENTS, pace.chainSteps());
    Clients streamed = plain.asking(Requests::withEveryFrame);
    Turns turns = new Turns();
    turns.enter(FRAMES, () -> streamed.stepsPerSecond(target, pace.turn()));
    turns.enter(PLAIN, () -> plain.stepsPerSecond(target, pace.turn()));
    Rounds rounds = turns.run(name(), Quantity.STEPS_PER_SECOND, pace.pairs());
    results.add(
        rounds.finding(
            FRAMES,
            PLAIN,
            "%d clients, float32, the readers on the same machine".formatted(CLIENTS)));
  }
}
