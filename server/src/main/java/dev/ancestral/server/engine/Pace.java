package dev.ancestral.server.engine;

import java.time.Duration;

/**
 * How long rows take to leave, from how long calls of the network took lately. Thread-safe: the
 * engine measures, and whoever is refused asks.
 */
final class Pace {
  /** What is said before the first call is over. */
  static final Duration UNKNOWN = Duration.ofSeconds(1);

  /** Sooner than this, asking again costs more than waiting. */
  static final Duration LEAST = Duration.ofMillis(100);

  /** Further ahead, what cancels and who else comes decide more than the pace. */
  static final Duration MOST = Duration.ofMinutes(5);

  /** The last dozen calls count: batches change their size, and machines their load. */
  private static final double WEIGHT = 1.0 / 12;

  private final int maxRows;
  private volatile double callNanos = Double.NaN;

  Pace(EngineLimits limits) {
    this.maxRows = limits.maxRows();
  }

  /** A call with its steps took this long. The engine's thread alone. */
  void measured(long nanos) {
    double before = callNanos;
    callNanos = Double.isNaN(before) ? nanos : before + (nanos - before) * WEIGHT;
  }

  /**
   * When this many rows will have left: a full batch at a time, each after the steps that rows have
   * left on average.
   *
   * @param leaving rows that must leave
   * @param rows rows that run or wait
   * @param steps their steps to come, all together
   */
  Duration until(int leaving, int rows, long steps) {
    double call = callNanos;
    if (Double.isNaN(call) || rows == 0) {
      return UNKNOWN;
    }
    double batches = Math.ceil((double) leaving / maxRows);
    double nanos = batches * steps / rows * call;
    // The cast of what is too large is the largest long.
    return clamp(Duration.ofNanos((long) nanos));
  }

  private static Duration clamp(Duration estimate) {
    if (estimate.compareTo(LEAST) < 0) {
      return LEAST;
    }
    return estimate.compareTo(MOST) > 0 ? MOST : estimate;
  }
}
