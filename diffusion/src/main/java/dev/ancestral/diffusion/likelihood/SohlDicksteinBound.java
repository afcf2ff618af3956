package dev.ancestral.diffusion.likelihood;

import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * The lower bound K on the log-likelihood of Sohl-Dickstein et al. (2015, eq. 14), in nats per
 * number:
 *
 * <pre>
 * K = -Σ KL(q(x_{t-1} | x_t, x0) ‖ p(x_{t-1} | x_t)) + H(X_T | X_0) - H(X_1 | X_0) - H(X_T)
 * </pre>
 *
 * <p>The sum leaves out the last step of the reverse chain, which is the first step of the forward
 * one run backwards (appendix B.2), and X_T is taken for standard normal.
 */
public final class SohlDicksteinBound {
  private SohlDicksteinBound() {}

  /** H(X_T | X_0) - H(X_1 | X_0) - H(X_T): what K is when every divergence is 0. */
  public static double entropies(NoiseSchedule schedule) {
    double sigma = schedule.sigma(schedule.timesteps() - 1);
    return Normals.entropy(sigma * sigma) - Normals.entropy(schedule.beta(0)) - Normals.entropy(1);
  }

  /**
   * K.
   *
   * @param divergences the sum of the divergences at t = 1..T-1, of one number or a mean over many
   */
  public static double bound(NoiseSchedule schedule, double divergences) {
    return entropies(schedule) - divergences;
  }

  /**
   * How much K is above the log-likelihood that a standard normal distribution gives to itself: the
   * figure of the paper's table 1.
   */
  public static double aboveGaussian(NoiseSchedule schedule, double divergences) {
    return bound(schedule, divergences) + Normals.entropy(1);
  }
}
