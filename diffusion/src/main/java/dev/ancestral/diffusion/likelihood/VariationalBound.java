package dev.ancestral.diffusion.likelihood;

import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * The terms of L = L_T + Σ L_{t-1} + L_0 (Ho et al. 2020, eq. 5) that follow from the schedule
 * alone, in nats per number.
 *
 * @param schedule the forward process
 */
public record VariationalBound(NoiseSchedule schedule) {

  /** L_T of one number of x0: KL(q(x_T | x0) ‖ N(0, 1)). */
  public double prior(double x0) {
    int last = schedule.timesteps() - 1;
    return Normals.kl(schedule.alpha(last) * x0, 2 * Math.log(schedule.sigma(last)), 0, 0);
  }

  /**
   * The factor that makes the squared error of an estimate of x0 the part of L_{t-1} that depends
   * on it: (factor of x0 in the posterior's mean)²/(2σ²).
   *
   * @param t a timestep
   * @param variance σ² of p(x_{t-1} | x_t)
   */
  public double weightOfX0(int t, double variance) {
    double factor = schedule.posteriorMeanFromX0(t);
    return factor * factor / (2 * variance);
  }

  /**
   * The same for the squared error of an estimate of ε (Ho et al. 2020, eq. 12): β²/(2σ²α(1-ᾱ)).
   */
  public double weightOfNoise(int t, double variance) {
    return weightOfX0(t, variance) / schedule.snr(t);
  }
}
