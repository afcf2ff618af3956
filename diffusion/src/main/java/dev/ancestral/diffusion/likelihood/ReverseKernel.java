package dev.ancestral.diffusion.likelihood;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * p(x_{t-1} | x_t) as a network defines it, beside the posterior q(x_{t-1} | x_t, x0) that it is to
 * be like: two normal distributions of each number, linear in what the network outputs.
 *
 * <p>With output m, its variance half v and state x (Ho et al. 2020, eq. 7; Nichol and Dhariwal
 * 2021, eq. 15):
 *
 * <pre>
 * estimate of x0 = x0FromState·x + x0FromOutput·m
 * mean           = meanFromX0·x0 + meanFromState·x        of q with the true x0, of p with its estimate
 * log σ²         = logVariance + logVarianceSlope·v       of p
 * </pre>
 *
 * <p>At t = 0 the posterior is the point x0; every logarithmic variance that would be -∞ there is
 * that of t = 1.
 *
 * @param x0FromState factor of x in the estimate of x0
 * @param x0FromOutput factor of m in the estimate of x0
 * @param meanFromX0 factor of x0 in the mean
 * @param meanFromState factor of x in the mean
 * @param posteriorLogVariance log β̃, clipped
 * @param logVariance log σ² where v is 0
 * @param logVarianceSlope factor of v in log σ²; 0 where no variance is learned
 */
public record ReverseKernel(
    double x0FromState,
    double x0FromOutput,
    double meanFromX0,
    double meanFromState,
    double posteriorLogVariance,
    double logVariance,
    double logVarianceSlope) {

  /**
   * The kernel from t to t-1.
   *
   * @param variance how σ² is chosen
   */
  public static ReverseKernel of(
      NoiseSchedule schedule, PredictionType prediction, Variance variance, int t) {
    Transition transition = schedule.transition(t);
    double small = schedule.posteriorLogVarianceClipped(t);
    double large = Math.log(transition.variance());
    return switch (variance) {
      case FIXED_SMALL -> of(transition, prediction, small, small, 0);
      // At t = 0 β is more than the decoder needs; Ho et al. take β̃ there too.
      case FIXED_LARGE -> of(transition, prediction, small, t == 0 ? small : large, 0);
      case LEARNED -> of(transition, prediction, small, 0, 1);
      case LEARNED_RANGE ->
          of(transition, prediction, small, (large + small) / 2, (large - small) / 2);
    };
  }

  private static ReverseKernel of(
      Transition transition,
      PredictionType prediction,
      double posteriorLogVariance,
      double logVariance,
      double slope) {
    return new ReverseKernel(
        prediction.x0FromState(transition),
        prediction.x0FromOutput(transition),
        transition.meanFromX0(),
        transition.meanFromState(),
        posteriorLogVariance,
        logVariance,
        slope);
  }

  /** The estimate of x0. */
  public double x0(double state, double output) {
    return x0FromState * state + x0FromOutput * output;
  }

  /** The mean that this x0, the true one or an estimate, gives. */
  public double mean(double x0, double state) {
    return meanFromX0 * x0 + meanFromState * state;
  }

  /**
   * log σ² of p.
   *
   * @param v the variance half of the output; anything where no variance is learned
   */
  public double logVarianceAt(double v) {
    return logVarianceSlope == 0 ? logVariance : logVariance + logVarianceSlope * v;
  }
}
