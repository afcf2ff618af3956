package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * The formulas of the papers as they stand there, in terms of β and ᾱ or of σ alone, and sharing no
 * code with the tables that they check.
 */
final class Reference {
  private Reference() {}

  /** ᾱ_t, by its definition. */
  static double alphaBar(NoiseSchedule schedule, int t) {
    double product = 1;
    for (int s = 0; s <= t; s++) {
      product *= 1 - schedule.beta(s);
    }
    return product;
  }

  /** The estimate of x0 where variance is preserved, before clipping. */
  static double x0(NoiseSchedule schedule, PredictionType prediction, int t, double x, double m) {
    double a = alphaBar(schedule, t);
    if (prediction == PredictionType.POSTERIOR_MEAN) {
      double before = t == 0 ? 1 : alphaBar(schedule, t - 1);
      double beta = schedule.beta(t);
      double ofX0 = beta * Math.sqrt(before) / (1 - a);
      double ofState = (1 - before) * Math.sqrt(1 - beta) / (1 - a);
      return (m - ofState * x) / ofX0;
    }
    return x0OfAlphaBar(prediction, a, x, m);
  }

  /** The same at any ᾱ, trained or not. */
  static double x0OfAlphaBar(PredictionType prediction, double a, double x, double m) {
    return switch (prediction) {
      case EPSILON -> (x - Math.sqrt(1 - a) * m) / Math.sqrt(a);
      case SAMPLE -> m;
      case V -> Math.sqrt(a) * x - Math.sqrt(1 - a) * m;
      case SCORE -> (x + (1 - a) * m) / Math.sqrt(a);
      case POSTERIOR_MEAN -> throw new IllegalArgumentException("no such reference");
    };
  }

  /** Karras et al. 2022, eq. 5, between the ends of a schedule; σ is relative to the signal. */
  static double karrasSigma(NoiseSchedule schedule, int step, int steps) {
    int last = schedule.timesteps() - 1;
    double most = Math.pow(schedule.sigma(last) / schedule.alpha(last), 1 / 7.0);
    double least = Math.pow(schedule.sigma(0) / schedule.alpha(0), 1 / 7.0);
    return Math.pow(most + (double) step / (steps - 1) * (least - most), 7);
  }

  /** The estimate of x0 where α = 1, before clipping. */
  static double x0(PredictionType prediction, double sigma, double x, double m) {
    return switch (prediction) {
      case EPSILON -> x - sigma * m;
      case SAMPLE -> m;
      case SCORE -> x + sigma * sigma * m;
      case V, POSTERIOR_MEAN -> throw new IllegalArgumentException("no such reference");
    };
  }

  /** Clipping to [-1, 1], or none. */
  static double clip(Clipping clipping, double x0) {
    return clipping == Clipping.NONE ? x0 : Math.min(Math.max(x0, -1), 1);
  }
}
