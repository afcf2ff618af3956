package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.List;

/** When a request would be done that comes now, by what is ahead of it and what calls cost. */
final class CompletionEstimate {
  private CompletionEstimate() {}

  /**
   * The time until its last sample, if nobody comes after it and calls keep the pace of their best
   * size: the least that can be expected, so that nothing is refused that could be done.
   *
   * @param curve what calls cost
   * @param batching what decides who is ahead
   * @param present requests that run or wait
   */
  static Duration of(CostCurve curve, Batching batching, List<Cohort> present, Cohort arriving) {
    double ahead = 0;
    for (Cohort other : present) {
      ahead += batching.rowStepsAhead(other, arriving, curve);
    }
    double shared = (ahead + arriving.rowStepsLeft()) * curve.peakMillisPerRow();
    double alone = arriving.request().plan().length() * curve.millis(arriving.rowsPerSample());
    // The cast of what is too large is the largest long.
    return Duration.ofNanos((long) (Math.max(shared, alone) * 1e6));
  }
}
