package dev.ancestral.diffusion;

/**
 * How much of x0 and how much noise a state x = α·x0 + σ·ε has, held as squares, which is how
 * schedules add and multiply them.
 *
 * @param alphaSquared α², which a variance-preserving process calls ᾱ
 * @param sigmaSquared σ², which there is 1 - ᾱ
 */
public record NoiseLevel(double alphaSquared, double sigmaSquared) {
  /** The data themselves. */
  public static final NoiseLevel CLEAN = new NoiseLevel(1, 0);

  /** Checks that both are variances. */
  public NoiseLevel {
    if (!(alphaSquared >= 0 && sigmaSquared >= 0)) {
      throw new IllegalArgumentException(
          "noise level: α² %s, σ² %s (expected: neither below 0)"
              .formatted(alphaSquared, sigmaSquared));
    }
  }

  /** The level of a variance-preserving process at this ᾱ, 0..1. */
  public static NoiseLevel preserving(double alphaBar) {
    return new NoiseLevel(alphaBar, 1 - alphaBar);
  }

  /** The level of a variance-exploding process at this σ, at least 0. */
  public static NoiseLevel exploding(double sigma) {
    return new NoiseLevel(1, sigma * sigma);
  }

  /** α, the factor of x0. */
  public double alpha() {
    return Math.sqrt(alphaSquared);
  }

  /** σ, the factor of ε. */
  public double sigma() {
    return Math.sqrt(sigmaSquared);
  }

  /** Signal-to-noise ratio α²/σ². */
  public double snr() {
    return alphaSquared / sigmaSquared;
  }

  /** σ/α, the noise in units of x0. */
  public double relativeSigma() {
    return Math.sqrt(sigmaSquared / alphaSquared);
  }
}
