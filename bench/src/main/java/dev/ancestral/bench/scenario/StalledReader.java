package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Call;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import dev.ancestral.v1.SampleRequest;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/** Fifteen clients, and a sixteenth that asked for every frame and reads none. */
final class StalledReader implements Scenario {
  private static final int OTHERS = 15;

  /** More frames than the connection's window and the server's bound for one reader hold. */
  private static final int STALLED_STEPS = Requests.MOST_STEPS;

  /** Alone, the stalled chain runs into its bound in less than it would take to its end. */
  private static final double PATIENCE = 1.5;

  private static final SampleRequest STALLED_REQUEST =
      Requests.withEveryFrame(Requests.ofSteps(STALLED_STEPS, Lab.SEED));
  private static final String STALLED = "15 clients and a stalled reader";
  private static final String ALONE = "15 clients";

  @Override
  public String name() {
    return "stalled-reader";
  }

  @Override
  public String description() {
    return "15 clients beside one that asked for every frame and reads none, against 15 clients";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    Pace pace = lab.pace();
    String target = lab.server(Variant.ALL.get(0)).target();
    double untilStalled = PATIENCE * STALLED_STEPS * lab.curve().callMillis(1);
    Clients clients = Clients.equal(OTHERS, pace.chainSteps());
    AtomicInteger over = new AtomicInteger();
    Turns turns = new Turns();
    turns.enter(
        STALLED,
        () -> {
          // A connection of its own: those who share one share its window too.
          try (LoadClient connection = LoadClient.connect(target)) {
            Call stalled = connection.startStalled(STALLED_REQUEST);
            Thread.sleep((long) untilStalled);
            double others = clients.stepsPerSecond(target, pace.turn());
            if (stalled.outcome().isDone()) {
              over.incrementAndGet();
            }
            stalled.cancel();
            return others;
          }
        });
    turns.enter(ALONE, () -> clients.stepsPerSecond(target, pace.turn()));
    Rounds rounds = turns.run(name(), Quantity.STEPS_PER_SECOND, pace.pairs());
    String note =
        over.get() == 0
            ? "it stalled to the end of each round"
            : "it was over before the end in %d of %d rounds"
                .formatted(over.get(), pace.pairs() + 1);
    results.add(rounds.finding(STALLED, ALONE, note));
  }
}
