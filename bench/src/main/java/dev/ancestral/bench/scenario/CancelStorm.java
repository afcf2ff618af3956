package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Call;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.PoissonArrivals;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import dev.ancestral.client.AncestralClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Eight clients beside a stream of requests that are given up as soon as they run. */
final class CancelStorm implements Scenario {
  private static final int CLIENTS = 8;
  private static final double PER_SECOND = 50;
  private static final int STEPS = Requests.MOST_STEPS;
  private static final Duration LIFE = Duration.ofMillis(100);
  private static final Duration FREE_CAP = Duration.ofSeconds(20);
  private static final String STORM = "8 clients in a storm";
  private static final String CALM = "8 clients";

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
    Variant variant = Variant.ALL.get(0);
    Clients clients = Clients.plain(CLIENTS);
    AtomicInteger cancelled = new AtomicInteger();
    Turns turns = new Turns();
    turns.enter(STORM, () -> inStorm(lab, variant, clients, cancelled));
    turns.enter(CALM, () -> clients.stepsPerSecond(lab, variant));
    Rounds rounds = turns.run(name(), Quantity.STEPS_PER_SECOND, lab.pace().rounds());
    results.add(
        rounds.finding(STORM, CALM, "%d requests cancelled in all".formatted(cancelled.get())));
    results.add(
        Finding.of(
            name(),
            "until the last rows were free",
            Quantity.MILLISECONDS,
            untilFree(lab, variant),
            "64 requests cancelled at once"));
  }

  private static double inStorm(Lab lab, Variant variant, Clients clients, AtomicInteger cancelled)
      throws IOException, InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    try (LoadClient connection = lab.connect(variant)) {
      Thread storm = new Thread(() -> cancelled.addAndGet(storm(lab, connection, over)), "storm");
      storm.start();
      try {
        return clients.stepsPerSecond(lab, variant);
      } finally {
        over.set(true);
        storm.join();
      }
    } finally {
      Lab.settle();
    }
  }

  /** Starts requests at their times and gives each up at the end of its life. */
  private static int storm(Lab lab, LoadClient connection, AtomicBoolean over) {
    Duration length = lab.pace().warmUp().plus(lab.pace().window());
    List<Duration> arrivals = PoissonArrivals.within(length, PER_SECOND, Lab.SEED);
    Queue<Call> alive = new ArrayDeque<>();
    Queue<Long> ends = new ArrayDeque<>();
    long start = System.nanoTime();
    int next = 0;
    int cancelled = 0;
    while (!alive.isEmpty() || (next < arrivals.size() && !over.get())) {
      long now = System.nanoTime() - start;
      long arrival = next < arrivals.size() ? arrivals.get(next).toNanos() : Long.MAX_VALUE;
      long end = ends.isEmpty() ? Long.MAX_VALUE : ends.element();
      long due = Math.min(arrival, end);
      if (due > now) {
        LockSupport.parkNanos(due - now);
      } else if (end <= arrival) {
        ends.remove();
        alive.remove().cancel();
        cancelled++;
      } else {
        alive.add(connection.start(Requests.ofSteps(STEPS, next++)));
        ends.add(arrival + LIFE.toNanos());
      }
    }
    return cancelled;
  }

  /** Milliseconds from giving up a burst of requests until the server has none of their rows. */
  private static double untilFree(Lab lab, Variant variant)
      throws IOException, InterruptedException {
    try (LoadClient connection = lab.connect(variant);
        AncestralClient client = AncestralClient.connect(lab.server(variant).target())) {
      Queue<Call> burst = new ArrayDeque<>();
      for (int i = 0; i < 64; i++) {
        burst.add(connection.start(Requests.ofSteps(STEPS, i)));
      }
      Thread.sleep(LIFE.toMillis());
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
