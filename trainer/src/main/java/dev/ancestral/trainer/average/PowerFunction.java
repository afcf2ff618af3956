package dev.ancestral.trainer.average;

/**
 * An average of weights over training in which iteration τ counts as τ^γ (Karras et al. 2024,
 * section 3.1): the window grows with the run, so a long one and a short one are averaged alike.
 *
 * @param sigmaRel the standard deviation of the window, as a share of the iterations so far
 */
public record PowerFunction(double sigmaRel) {
  /** The window of γ = 0, in which all iterations count alike, is 1/√12 = 0.2887 wide. */
  public static final double WIDEST = 0.28;

  /** Checks the bounds. */
  public PowerFunction {
    if (!(sigmaRel > 0 && sigmaRel <= WIDEST)) {
      throw new IllegalArgumentException(
          "%s (expected: above 0, at most %s)".formatted(sigmaRel, WIDEST));
    }
  }

  /**
   * γ, the root of σ_rel = √(γ+1) / ((γ+2)·√(γ+3)) (equation 131 of the paper's appendix), found by
   * halving an interval.
   */
  public double gamma() {
    double low = 0;
    double high = 2 / sigmaRel;
    double middle = high / 2;
    while (low < middle && middle < high) {
      if (Math.sqrt(middle + 1) / ((middle + 2) * Math.sqrt(middle + 3)) > sigmaRel) {
        low = middle;
      } else {
        high = middle;
      }
      middle = low + (high - low) / 2;
    }
    return middle;
  }

  /**
   * How much of the average stays in one update: β = (1 - 1/n)^(γ+1) (equation 127).
   *
   * @param iteration n, from 1; the first one replaces what was there
   */
  public double decayAt(int iteration) {
    return Math.pow(1 - 1.0 / iteration, gamma() + 1);
  }
}
