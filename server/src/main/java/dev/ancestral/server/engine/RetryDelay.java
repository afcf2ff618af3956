package dev.ancestral.server.engine;

import java.time.Duration;

/** When rows that do not fit into the queue should, by what waits and what calls cost. */
final class RetryDelay {
  /** What is said where the cost of calls is only assumed. */
  static final Duration UNKNOWN = Duration.ofSeconds(1);

  /** Sooner than this, asking again costs more than waiting. */
  static final Duration LEAST = Duration.ofMillis(100);

  /** Further ahead, what cancels and who else comes decide more than the cost. */
  static final Duration MOST = Duration.ofMinutes(5);

  private RetryDelay() {}

  /**
   * When this many rows will have left: a full batch at a time, each after the steps that rows have
   * left on average.
   *
   * @param curve what calls cost
   * @param leaving rows that must leave
   * @param rows rows that run or wait
   * @param steps their steps to come, all together
   */
  static Duration estimate(CostCurve curve, int leaving, int rows, long steps) {
    if (!curve.isMeasured() || rows == 0) {
      return UNKNOWN;
    }
    double batches = Math.ceil((double) leaving / curve.maxRows());
    double millis = batches * steps / rows * curve.millis(curve.maxRows());
    // The cast of what is too large is the largest long.
    return clamp(Duration.ofNanos((long) (millis * 1e6)));
  }

  private static Duration clamp(Duration estimate) {
    if (estimate.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return estimate.compareTo(MOST) > 0 ? MOST : estimate;
  }
}
