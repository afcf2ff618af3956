package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * Timesteps between the trained ones, for a variance-preserving schedule.
 *
 * <p>Where β is linear in t with the slope δ, ᾱ(t) = δ^{t+1}·Γ(c + 1)/Γ(c - t) with c = (1 - β_0)/δ
 * goes through all of them (Kong and Ping 2021, appendix B); elsewhere log ᾱ is interpolated
 * linearly.
 */
final class FractionalTimestep {
  /** Relative to the largest β; betas that somebody else wrote may be in single precision. */
  private static final double LINEAR_WITHIN = 1e-6;

  /** From here on the first terms of Stirling's series are exact in double precision. */
  private static final double STIRLING_FROM = 40;

  private FractionalTimestep() {}

  /** The timestep that has this ᾱ; the nearest end where there is none. */
  static double of(NoiseSchedule schedule, double alphaBar) {
    int last = schedule.timesteps() - 1;
    if (alphaBar >= schedule.alphaBar(0)) {
      return 0;
    }
    int t = 0;
    while (t < last && schedule.alphaBar(t + 1) >= alphaBar) {
      t++;
    }
    if (t == last) {
      return last;
    }
    double decline = Math.log(alphaBar / schedule.alphaBar(t));
    double slope = slope(schedule);
    if (slope <= 0) {
      return t + decline / Math.log1p(-schedule.beta(t + 1));
    }
    double y = (1 - schedule.beta(t)) / slope;
    return t + Bisection.ofFalling(0, 1, decline, f -> f * Math.log(slope) + logGammaRatio(y, f));
  }

  /** δ, or 0 where β is not linear. */
  private static double slope(NoiseSchedule schedule) {
    int last = schedule.timesteps() - 1;
    double slope = (schedule.beta(last) - schedule.beta(0)) / last;
    for (int t = 0; t <= last; t++) {
      double straight = schedule.beta(0) + t * slope;
      if (Math.abs(schedule.beta(t) - straight) > LINEAR_WITHIN * schedule.beta(last)) {
        return 0;
      }
    }
    return slope;
  }

  /**
   * ln Γ(y) - ln Γ(y - f) for y above 1 and f in 0..1, without the difference of two large numbers:
   * by Stirling's series above {@link #STIRLING_FROM}, and below it by Γ(y + 1) = y·Γ(y).
   */
  static double logGammaRatio(double y, double f) {
    double shifted = y;
    double shift = 0;
    while (shifted - f < STIRLING_FROM) {
      shift += Math.log1p(-f / shifted);
      shifted++;
    }
    double lower = shifted - f;
    return shift
        + f * Math.log(shifted)
        - (lower - 0.5) * Math.log1p(-f / shifted)
        - f
        + stirling(shifted)
        - stirling(lower);
  }

  private static double stirling(double y) {
    double squared = y * y;
    return (1 / 12.0 - (1 / 360.0 - 1 / (1260 * squared)) / squared) / y;
  }
}
