package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.ClosedLoop;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.load.StepReading;
import dev.ancestral.bench.process.ServerMetrics;
import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * Two models of a server, both never idle: whose calls have the device, and what is done in them.
 */
final class DeviceShares {
  private static final int CLIENTS = 16;
  private static final String EQUAL = "an equal share";
  private static final String BUSY = "both";

  private final String scenario;
  private final Pace pace;
  private final ServerProcess server;

  DeviceShares(String scenario, Pace pace, ServerProcess server) {
    this.scenario = scenario;
    this.pace = pace;
    this.server = server;
  }

  /**
   * What was done of a model while both were busy.
   *
   * @param stepsPerSecond of one row
   * @param time share of it in calls of the model, in percent
   */
  private record Part(double stepsPerSecond, double time) {}

  private record Both(Part first, Part second) {
    double time() {
      return first.time() + second.time();
    }
  }

  /** Measures both together, and each alone. */
  void report(String first, String second, Results results)
      throws IOException, InterruptedException {
    Turns together = new Turns();
    together.enter(
        () -> {
          Both both = both(first, second);
          return Map.of(
              timeOf(first),
              100 * both.first().time() / both.time(),
              timeOf(second),
              100 * both.second().time() / both.time(),
              EQUAL,
              50.0,
              BUSY,
              both.time());
        });
    Rounds shares = together.run(scenario, Quantity.PERCENT, pace.rounds());

    Turns turns = new Turns();
    for (String model : List.of(first, second)) {
      turns.enter(
          model + " alone", () -> clients(model).stepsPerSecond(server.target(), pace.turn()));
    }
    turns.enter(
        () -> {
          Both both = both(first, second);
          return Map.of(
              beside(first), both.first().stepsPerSecond(),
              beside(second), both.second().stepsPerSecond());
        });
    Rounds steps = turns.run(scenario, Quantity.STEPS_PER_SECOND, pace.rounds());

    String note =
        "%d clients of each; %.0f %% of the time was in calls"
            .formatted(CLIENTS, shares.median(BUSY));
    for (String model : List.of(first, second)) {
      results.add(shares.finding(timeOf(model), EQUAL, note));
    }
    for (String model : List.of(first, second)) {
      results.add(steps.finding(beside(model), model + " alone", "half, where shares are equal"));
    }
  }

  private static String timeOf(String model) {
    return "time of " + model;
  }

  private static String beside(String model) {
    return model + " beside the other";
  }

  private Clients clients(String model) {
    return Clients.equal(CLIENTS, pace.chainSteps()).asking(request -> Requests.of(model, request));
  }

  private Both both(String first, String second) throws IOException, InterruptedException {
    try (LoadClient toFirst = LoadClient.connect(server.target());
        LoadClient toSecond = LoadClient.connect(server.target());
        ClosedLoop firstLoop = clients(first).start(toFirst);
        ClosedLoop secondLoop = clients(second).start(toSecond)) {
      Thread.sleep(pace.turn().warmUp().toMillis());
      StepReading firstBegin = toFirst.reading();
      StepReading secondBegin = toSecond.reading();
      long begin = System.nanoTime();
      ServerMetrics.Values before = server.metrics().read(ServerMetrics.CALL_SECONDS);
      Thread.sleep(pace.turn().measured().toMillis());
      ServerMetrics.Values after = server.metrics().read(ServerMetrics.CALL_SECONDS);
      double seconds = (System.nanoTime() - begin) / 1e9;
      double firstSteps = toFirst.reading().perSecondSince(firstBegin);
      double secondSteps = toSecond.reading().perSecondSince(secondBegin);
      Clients.check(firstLoop);
      Clients.check(secondLoop);
      return new Both(
          new Part(firstSteps, 100 * (after.of(first) - before.of(first)) / seconds),
          new Part(secondSteps, 100 * (after.of(second) - before.of(second)) / seconds));
    }
  }
}
