package dev.ancestral.diffusion;

/**
 * A pair of noise levels and the posterior q(x_s | x_t, x_0) between them: the mean and the
 * variance of the less noisy state, given the noisier one and x0 (Ho et al. 2020, eq. 6 and 7; for
 * any α and σ, Kingma et al. 2021, appendix A.2).
 *
 * <p>With a = α_t/α_s and β = σ_t² - a²σ_s², which is 1 - a² where variance is preserved:
 *
 * <pre>
 * mean = α_s·β/σ_t²·x0 + a·σ_s²/σ_t²·x_t      β̃ = β·σ_s²/σ_t²
 * </pre>
 *
 * @param from the noisier level t, σ above 0
 * @param to the level s
 */
public record Transition(NoiseLevel from, NoiseLevel to) {
  /** a², the share of x_s's signal that is left in x_t. */
  private double decaySquared() {
    return from.alphaSquared() / to.alphaSquared();
  }

  /** β, the variance that the forward process adds between the levels. */
  public double variance() {
    return from.sigmaSquared() - decaySquared() * to.sigmaSquared();
  }

  /** Factor of x0 in the posterior's mean. */
  public double meanFromX0() {
    return to.alpha() * variance() / from.sigmaSquared();
  }

  /** Factor of x_t in the posterior's mean. */
  public double meanFromState() {
    return Math.sqrt(decaySquared()) * to.sigmaSquared() / from.sigmaSquared();
  }

  /** β̃, the posterior's variance; 0 where the level s is clean. */
  public double posteriorVariance() {
    return variance() * to.sigmaSquared() / from.sigmaSquared();
  }
}
