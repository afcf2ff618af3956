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
    Variant variant = Variant.ALL.get(0);
    Clients plain = Clients.plain(CLIENTS);
    Clients streamed = new Clients(CLIENTS, Requests::withEveryFrame);
    Turns turns = new Turns();
    turns.enter(FRAMES, () -> streamed.stepsPerSecond(lab, variant));
    turns.enter(PLAIN, () -> plain.stepsPerSecond(lab, variant));
    Rounds rounds = turns.run(name(), Quantity.STEPS_PER_SECOND, lab.pace().rounds());
    results.add(
        rounds.finding(
            FRAMES,
            PLAIN,
            "%d clients, float32, the readers on the same machine".formatted(CLIENTS)));
  }
}
