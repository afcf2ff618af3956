package dev.ancestral.diffusion.schedule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The noise schedule β_0..β_{T-1} and the tables that follow from it (Ho et al. 2020, section 2),
 * in double precision.
 *
 * <p>Immutable. t = 0 is one noising step, so {@code alphaBar(0) = 1 - beta(0)}; before it, ᾱ is 1.
 */
public final class NoiseSchedule {
  private final double[] betas;
  private final double[] alphaBars;

  private NoiseSchedule(double[] betas) {
    this.betas = betas;
    this.alphaBars = new double[betas.length];
    double product = 1;
    for (int t = 0; t < betas.length; t++) {
      product *= 1 - betas[t];
      alphaBars[t] = product;
    }
  }

  /**
   * The schedule of these betas.
   *
   * @param betas β_t for t = 0..T-1, T at least 1, each in (0, 1]
   * @throws IllegalArgumentException naming the first beta that is out of bounds
   */
  public static NoiseSchedule ofBetas(double[] betas) {
    if (betas.length == 0) {
      throw new IllegalArgumentException("betas: none given (expected: at least 1)");
    }
    for (int t = 0; t < betas.length; t++) {
      // 1 itself is what zero terminal SNR asks of the last step.
      if (!(betas[t] > 0 && betas[t] <= 1)) {
        throw new IllegalArgumentException(
            "betas[%d]: %s (expected: above 0, at most 1)".formatted(t, betas[t]));
      }
    }
    return new NoiseSchedule(betas.clone());
  }

  /**
   * This schedule shifted and scaled so that ᾱ_{T-1} is 0 and ᾱ_0 stays (Lin et al. 2024, algorithm
   * 1). Such a chain needs a network that predicts v and trailing spacing.
   */
  public NoiseSchedule withZeroTerminalSnr() {
    int last = betas.length - 1;
    double first = alpha(0);
    double terminal = alpha(last);
    double[] rescaled = new double[betas.length];
    double before = 1;
    for (int t = 0; t <= last; t++) {
      double root = (alpha(t) - terminal) * first / (first - terminal);
      rescaled[t] = 1 - root * root / before;
      before = root * root;
    }
    return new NoiseSchedule(rescaled);
  }

  /** T, the number of timesteps. */
  public int timesteps() {
    return betas.length;
  }

  /** A copy of β_0..β_{T-1}. */
  public double[] betas() {
    return betas.clone();
  }

  /** β_t. */
  public double beta(int t) {
    return betas[t];
  }

  /** ᾱ_t = Π_{s≤t} (1 - β_s): the share of x0's variance that is left. */
  public double alphaBar(int t) {
    return alphaBars[t];
  }

  /** ᾱ_{t-1}, which is 1 at t = 0. */
  public double alphaBarBefore(int t) {
    return t == 0 ? 1 : alphaBars[t - 1];
  }

  /** √ᾱ_t, the factor of x0 in x_t. */
  public double alpha(int t) {
    return Math.sqrt(alphaBars[t]);
  }

  /** √(1 - ᾱ_t), the factor of ε in x_t. */
  public double sigma(int t) {
    return Math.sqrt(1 - alphaBars[t]);
  }

  /** Signal-to-noise ratio ᾱ_t / (1 - ᾱ_t). */
  public double snr(int t) {
    return alphaBars[t] / (1 - alphaBars[t]);
  }

  /** Signal-to-noise ratio at t = T-1; sampling from pure noise presumes that it is small. */
  public double finalSnr() {
    return snr(betas.length - 1);
  }

  /** Factor of x0 in the posterior's mean (Ho et al. 2020, eq. 7). */
  public double posteriorMeanFromX0(int t) {
    return betas[t] * Math.sqrt(alphaBarBefore(t)) / (1 - alphaBars[t]);
  }

  /** Factor of x_t in the posterior's mean (Ho et al. 2020, eq. 7). */
  public double posteriorMeanFromState(int t) {
    return (1 - alphaBarBefore(t)) * Math.sqrt(1 - betas[t]) / (1 - alphaBars[t]);
  }

  /** β̃_t, the posterior's variance (Ho et al. 2020, eq. 7); 0 at t = 0. */
  public double posteriorVariance(int t) {
    return betas[t] * (1 - alphaBarBefore(t)) / (1 - alphaBars[t]);
  }

  /** log β̃_t, where the entry at t = 0 (log 0) repeats the next one. */
  public double posteriorLogVarianceClipped(int t) {
    return Math.log(posteriorVariance(t == 0 ? Math.min(1, betas.length - 1) : t));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NoiseSchedule schedule && Arrays.equals(betas, schedule.betas);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(betas);
  }
}
