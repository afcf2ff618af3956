package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Call;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.ServerMetrics;
import dev.ancestral.bench.process.ServerProcess;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import dev.ancestral.client.AncestralClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

/** Eight clients beside a stream of requests that are given up as soon as they run. */
final class CancelStorm implements Scenario {
  private static final int CLIENTS = 8;
  private static final int STEPS = Requests.MOST_STEPS;
  private static final Duration FREE_CAP = Duration.ofSeconds(20);
  private static final String STORM = "8 clients in a storm";
  private static final String CALM = "8 clients";
  private static final String ALL = "all rows, ";

  @Override
  public String name() {
    return "cancel-storm";
  }

  @Override
  public String description() {
    return "8 clients beside 50 requests a second that are cancelled after 100 ms, against 8 clients";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    ServerProcess server = lab.server(Variant.ALL.get(0));
    Window window = lab.pace().turn();
    Clients clients = Clients.equal(CLIENTS, lab.pace().chainSteps());
    AtomicInteger cancelled = new AtomicInteger();
    Turns turns = new Turns();
    turns.enter(
        () -> {
          try (Storm storm = new Storm(server.target(), window.length())) {
            Map<String, Double> measured = measure(server, clients, window, STORM);
            cancelled.addAndGet(storm.cancelled());
            return measured;
          }
        });
    turns.enter(() -> measure(server, clients, window, CALM));
    Rounds rounds = turns.run(name(), Quantity.STEPS_PER_SECOND, lab.pace().pairs());
    results.add(
        rounds.finding(STORM, CALM, "%d requests cancelled in all".formatted(cancelled.get())));
    results.add(
        rounds.finding(
            ALL + STORM,
            ALL + CALM,
            "with the steps of those that are cancelled, by the server's metrics"));
    results.add(
        Finding.of(
            name(),
            "until the last rows were free",
            Quantity.MILLISECONDS,
            untilFree(server.target()),
            "64 requests cancelled at once"));
  }

  /** Steps a second of the clients, and of everybody as the server counts its rows. */
  private static Map<String, Double> measure(
      ServerProcess server, Clients clients, Window window, String name)
      throws IOException, InterruptedException {
    double rowsBefore = rows(server);
    long begin = System.nanoTime();
    double clientsSteps = clients.stepsPerSecond(server.target(), window);
    double all = (rows(server) - rowsBefore) / ((System.nanoTime() - begin) / 1e9);
    return Map.of(name, clientsSteps, ALL + name, all);
  }

  private static double rows(ServerProcess server) throws IOException, InterruptedException {
    return server.metrics().read(ServerMetrics.CALL_ROWS).sum();
  }

  /** Milliseconds from giving up a burst of requests until the server has none of their rows. */
  private static double untilFree(String target) throws IOException, InterruptedException {
    try (LoadClient connection = LoadClient.connect(target);
        AncestralClient client = AncestralClient.connect(target)) {
      Queue<Call> burst = new ArrayDeque<>();
      for (int i = 0; i < 64; i++) {
        burst.add(connection.start(Requests.ofSteps(STEPS, i)));
      }
      Thread.sleep(Storm.LIFE.toMillis());
      long begin = System.nanoTime();
      burst.forEach(Call::cancel);
      while (client.model("").getQueueRows() > 0) {
        if (System.nanoTime() - begin > FREE_CAP.toNanos()) {
          throw new IOException(
              "cancelled requests: rows left after %d s (expected: none)"
                  .formatted(FREE_CAP.toSeconds()));
        }
      }
      return (System.nanoTime() - begin) / 1e6;
    }
  }
}
