package dev.ancestral.server.engine;

import java.util.Arrays;
import java.util.Locale;

/** How the calls of the network are shared. */
public enum Batching {
  /** Anew before each step: chains join and leave at any step. */
  STEP,
  /** Whole chains of equally many steps, first come, first served: the baseline to compare with. */
  REQUEST;

  /** Its name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of this name.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Batching of(String label) {
    return Arrays.stream(values())
        .filter(batching -> batching.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "batching: %s (expected: step or request)".formatted(label)));
  }

  /**
   * Row-steps of the other request that run before the arriving one has done so many of its own.
   */
  double rowStepsAhead(Cohort other, Cohort arriving, long rowSteps, CostCurve curve) {
    return switch (this) {
      case STEP -> StepBatching.rowStepsAhead(other, arriving, rowSteps, curve);
      case REQUEST -> (double) other.rowStepsLeft();
    };
  }

  BatchingPolicy policy(int maxRows) {
    return switch (this) {
      case STEP -> new StepBatching(maxRows);
      case REQUEST -> new RequestBatching();
    };
  }
}
