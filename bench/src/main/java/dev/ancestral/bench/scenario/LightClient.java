package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.ClosedLoop;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import dev.ancestral.v1.SampleRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One client of a model that sends a request after the other, alone and beside many clients of
 * another model of the same server: whether it gets its share when others ask for more than theirs.
 */
final class LightClient {
  private static final int CROWD = 32;
  private static final int FEWEST = 3;

  private final String scenario;
  private final Pace pace;
  private final ServerProcess server;

  LightClient(String scenario, Pace pace, ServerProcess server) {
    this.scenario = scenario;
    this.pace = pace;
    this.server = server;
  }

  /** Measures a client of a model beside a crowd of the other. */
  void report(String model, String crowd, Results results)
      throws IOException, InterruptedException {
    SampleRequest request = Requests.of(model, Requests.ofSteps(pace.chainSteps(), Lab.SEED));
    Clients others =
        Clients.equal(CROWD, pace.chainSteps()).asking(each -> Requests.of(crowd, each));
    String alone = "a client of %s alone".formatted(model);
    String beside = "a client of %s beside %d of %s".formatted(model, CROWD, crowd);
    List<Double> slowest = new ArrayList<>();
    Turns turns = new Turns();
    turns.enter(alone, () -> Rounds.median(times(request)));
    turns.enter(
        beside,
        () -> {
          try (LoadClient connection = LoadClient.connect(server.target());
              ClosedLoop loop = others.start(connection)) {
            Thread.sleep(pace.turn().warmUp().toMillis());
            List<Double> times = times(request);
            Clients.check(loop);
            slowest.add(Collections.max(times));
            return Rounds.median(times);
          }
        });
    Rounds rounds = turns.run(scenario, Quantity.MILLISECONDS, pace.rounds());
    results.add(
        rounds.finding(
            beside,
            alone,
            "%d steps; fair is half the speed, after a call of the other"
                .formatted(pace.chainSteps())));
    results.add(
        Finding.of(
            scenario,
            "the slowest request of " + model,
            Quantity.MILLISECONDS,
            Collections.max(slowest),
            "beside %d of %s".formatted(CROWD, crowd)));
  }

  /** Milliseconds of requests that are sent one after the other. */
  private List<Double> times(SampleRequest request) throws IOException, InterruptedException {
    try (LoadClient connection = LoadClient.connect(server.target())) {
      // The first request pays for the connection.
      OneRequest.millis(connection, request);
      List<Double> times = new ArrayList<>();
      long begin = System.nanoTime();
      while (times.size() < FEWEST
          || System.nanoTime() - begin < pace.turn().measured().toNanos()) {
        times.add(OneRequest.millis(connection, request));
      }
      return times;
    }
  }
}
