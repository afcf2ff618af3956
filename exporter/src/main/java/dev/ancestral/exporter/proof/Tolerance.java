package dev.ancestral.exporter.proof;

import dev.ancestral.exporter.onnx.HalfPrecision;

/**
 * How far a prediction may be from the expected one: max|Δ| ≤ share · max(1, max|y|).
 *
 * @param share of the largest number expected, or of 1
 */
public record Tolerance(double share) {
  /** Of single precision, in which both networks compute. */
  public static final Tolerance SINGLE = new Tolerance(1e-4);

  /**
   * Of half precision against single: 2⁻⁶, which is 32 roundings of 2⁻¹¹ that all err the same way.
   * They do not, so it is not a matter of depth: normalisations and residuals keep what earlier
   * layers erred by in proportion. With random weights, small U-Nets of 100 to 200 roundings were
   * off by 1 to 4 times 2⁻¹¹, perceptrons of 5 to 10 by 1 to 15 times.
   */
  public static final Tolerance HALF = new Tolerance(32 * HalfPrecision.UNIT_ROUNDOFF);

  /** The largest difference that is allowed. */
  double of(double largest) {
    return share * Math.max(1, largest);
  }
}
