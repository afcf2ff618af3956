package dev.ancestral.server.engine;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** Counts what an engine does. Thread-safe. */
final class EngineCounters {
  private final LongAdder calls = new LongAdder();
  private final LongAdder callRows = new LongAdder();
  private final DoubleAdder callMillis = new DoubleAdder();
  private final LongAdder requests = new LongAdder();
  private final LongAdder samples = new LongAdder();
  private final LongAdder queueFull = new LongAdder();
  private final LongAdder deadlines = new LongAdder();

  void call(int rows, int steps, double millis) {
    calls.add(steps);
    callRows.add((long) rows * steps);
    callMillis.add(millis);
  }

  void request() {
    requests.increment();
  }

  void refusal(EngineException reason) {
    if (reason instanceof QueueFullException) {
      queueFull.increment();
    } else if (reason instanceof DeadlineException) {
      deadlines.increment();
    }
  }

  void sample() {
    samples.increment();
  }

  EngineStatistics read() {
    return new EngineStatistics(
        calls.sum(),
        callRows.sum(),
        callMillis.sum() / 1e3,
        requests.sum(),
        samples.sum(),
        queueFull.sum(),
        deadlines.sum());
  }
}
