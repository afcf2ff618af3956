package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.PredictionType;

/**
 * Steps whose history holds the noise, ε = (x - α·x0)/σ, with the clipped x0, so that what clipping
 * took from an estimate is taken from the noise of later steps, too.
 */
final class NoiseHistory {
  private NoiseHistory() {}

  /**
   * The step x' = α'·x0 + σ'·ε + Σ_k c_k·(ε_k - ε), ε_1 the one of the step before.
   *
   * @param c at most as many as steps were before
   */
  static Step step(Visit visit, PredictionType prediction, double... c) {
    NoiseLevel next = visit.next();
    double alpha = visit.level().alpha();
    double sigma = visit.level().sigma();
    double[] past = new double[Past.MOST];
    double ofNoise = next.sigma();
    for (int k = 0; k < c.length; k++) {
      past[k] = c[k];
      ofNoise -= c[k];
    }
    return visit
        .estimate(prediction)
        .plusX0(next.alpha() - ofNoise * alpha / sigma)
        .plusState(ofNoise / sigma)
        .plusPast(new Past(past[0], past[1], past[2]))
        .leaving(new Entry(1 / sigma, -alpha / sigma, 0));
  }
}
