package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Call;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.PoissonArrivals;
import dev.ancestral.bench.load.Requests;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests that come at random, 50 a second, and are given up as soon as they run. They come from
 * its making to its closing, but no longer than it was told.
 */
final class Storm implements AutoCloseable {
  /** After which a request is given up. */
  static final Duration LIFE = Duration.ofMillis(100);

  private static final double PER_SECOND = 50;

  private final LoadClient connection;
  private final List<Duration> arrivals;
  private final AtomicInteger cancelled = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "storm");
  private volatile boolean over;

  /** Starts it. */
  Storm(String target, Duration length) {
    this.connection = LoadClient.connect(target);
    this.arrivals = PoissonArrivals.within(length, PER_SECOND, Lab.SEED);
    thread.start();
  }

  /** Starts requests at their times and gives each up at the end of its life. */
  private void run() {
    Queue<Call> alive = new ArrayDeque<>();
    Queue<Long> ends = new ArrayDeque<>();
    long start = System.nanoTime();
    int next = 0;
    while (!alive.isEmpty() || (next < arrivals.size() && !over)) {
      long now = System.nanoTime() - start;
      long arrival =
          next < arrivals.size() && !over ? arrivals.get(next).toNanos() : Long.MAX_VALUE;
      long end = ends.isEmpty() ? Long.MAX_VALUE : ends.element();
      long due = Math.min(arrival, end);
      if (due > now) {
        LockSupport.parkNanos(due - now);
      } else if (end <= arrival) {
        ends.remove();
        alive.remove().cancel();
        cancelled.incrementAndGet();
      } else {
        alive.add(connection.start(Requests.ofSteps(Requests.MOST_STEPS, next++)));
        ends.add(arrival + LIFE.toNanos());
      }
    }
  }

  /** Requests that were given up so far. */
  int cancelled() {
    return cancelled.get();
  }

  /** Waits until the last request is given up. */
  @Override
  public void close() {
    over = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
