package dev.ancestral.server.engine;

import java.time.Duration;
import java.util.List;

/** When a request will be done, by what is ahead of it and what calls cost. */
final class CompletionEstimate {
  private CompletionEstimate() {}

  /**
   * The time until its last sample, if nobody comes after it and calls keep the pace of their best
   * size: the least that can be expected, so that nothing is refused that could be done.
   *
   * @param curve what calls cost
   * @param batching what decides who is ahead
   * @param present requests that run or wait; may have the request itself among them
   */
  static Duration of(CostCurve curve, Batching batching, List<Cohort> present, Cohort arriving) {
    double ahead = 0;
    for (Cohort other : present) {
      ahead += ahead(batching, other, arriving, arriving.rowStepsLeft(), curve);
    }
    double shared = (ahead + arriving.rowStepsLeft()) * curve.peakMillisPerRow();
    double alone = arriving.request().plan().length() * curve.millis(arriving.rowsPerSample());
    return duration(Math.max(shared, alone));
  }

  /** Where a request stands that waits for its first step, which is at its first sample's turn. */
  static Standing standing(
      CostCurve curve, Batching batching, List<Cohort> present, Cohort waiting) {
    long turn = (long) waiting.request().plan().length() * waiting.rowsPerSample();
    double rowSteps = 0;
    long rows = 0;
    for (Cohort other : present) {
      double ahead = ahead(batching, other, waiting, turn, curve);
      rowSteps += ahead;
      rows += (long) Math.ceil(ahead / other.request().plan().length());
    }
    return curve.isMeasured()
        ? new Standing(
            rows,
            duration(rowSteps * curve.peakMillisPerRow()),
            of(curve, batching, present, waiting))
        : new Standing(rows, null, null);
  }

  private static double ahead(
      Batching batching, Cohort other, Cohort cohort, long rowSteps, CostCurve curve) {
    return other == cohort ? 0 : batching.rowStepsAhead(other, cohort, rowSteps, curve);
  }

  private static Duration duration(double millis) {
    // The cast of what is too large is the largest long.
    return Duration.ofNanos((long) (millis * 1e6));
  }
}
