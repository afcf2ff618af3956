package dev.ancestral.server.engine;

/**
 * What an engine knows of its network before it serves.
 *
 * @param curve what a call costs
 * @param invariance whether a row's bits depend on its batch
 * @param chainSteps the most steps of a call that are worthwhile on the device; 1 for single steps
 */
public record Calibration(CostCurve curve, BatchInvariance invariance, int chainSteps) {
  /** Checks the steps. */
  public Calibration {
    if (chainSteps < 1) {
      throw new IllegalArgumentException(
          "chain_steps: %d (expected: at least 1)".formatted(chainSteps));
    }
  }

  /** With single steps. */
  public Calibration(CostCurve curve, BatchInvariance invariance) {
    this(curve, invariance, 1);
  }

  /** Nothing: an assumed curve, and no promise. */
  public static Calibration assumed(int maxRows) {
    return new Calibration(CostCurve.assumed(maxRows), BatchInvariance.UNVERIFIED);
  }
}
