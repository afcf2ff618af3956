package dev.ancestral.server.engine;

/**
 * What an engine knows of its network before it serves.
 *
 * @param curve what a call costs
 * @param invariance whether a row's bits depend on its batch
 */
public record Calibration(CostCurve curve, BatchInvariance invariance) {
  /** Nothing: an assumed curve, and no promise. */
  public static Calibration assumed(int maxRows) {
    return new Calibration(CostCurve.assumed(maxRows), BatchInvariance.UNVERIFIED);
  }
}
