package dev.ancestral.bench.load;

/** Counts the steps that a server says it did, and when it last said so. Thread-safe. */
final class StepCounter {
  private long steps;
  private long nanos = System.nanoTime();

  synchronized void add(long more) {
    steps += more;
    nanos = System.nanoTime();
  }

  synchronized StepReading reading() {
    return new StepReading(steps, nanos);
  }
}
