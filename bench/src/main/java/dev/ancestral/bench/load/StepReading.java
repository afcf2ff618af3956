package dev.ancestral.bench.load;

/**
 * What a counter of steps says.
 *
 * @param steps of one row, in all
 * @param nanos when the last of them was counted, as {@link System#nanoTime()} counts
 */
public record StepReading(long steps, long nanos) {
  private static final double NANOS = 1e9;

  /**
   * Steps in a second between two readings: from count to count, since steps come in calls of many
   * rows, and a clock that cuts one in two would be wrong by half of it. 0 if none came.
   */
  public double perSecondSince(StepReading earlier) {
    return steps == earlier.steps()
        ? 0
        : (steps - earlier.steps()) * NANOS / (nanos - earlier.nanos());
  }
}
