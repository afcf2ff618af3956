package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.likelihood.DiscretizedGaussian;

/**
 * {@link DiscretizedGaussian} on arrays.
 *
 * <p>In float the mass of a bin is lost where it is a difference of numbers near 1. The normal
 * distribution is symmetric, so every bin is looked at from the side of its lower tail, where the
 * cumulative distribution keeps its digits, as the logistic function that ½(1 + tanh u) = 1/(1 +
 * e^-2u) is.
 */
final class LevelsDecoder implements Decoder {
  private final DiscretizedGaussian bins;

  LevelsDecoder(DataSpec data) {
    this.bins = new DiscretizedGaussian(data.min(), data.max(), data.levels());
  }

  @Override
  public NDArray nats(TrainingRows rows, NDArray difference, NDArray logVariance) {
    float[] x0 = rows.x0();
    float[] inner = new float[x0.length];
    float[] outer = new float[x0.length];
    for (int i = 0; i < x0.length; i++) {
      outer[i] = bins.isLowest(x0[i]) ? -1 : bins.isHighest(x0[i]) ? 1 : 0;
      inner[i] = outer[i] == 0 ? 1 : 0;
    }
    NDArray isInner = rows.array(inner);
    // How far the bin is out; for the outermost ones, counted towards where they are open.
    NDArray distance = difference.abs().mul(isInner).add(difference.mul(rows.array(outer))).neg();
    NDArray inverseScale = logVariance.mul(rows.factor(-0.5)).exp();
    NDArray upper = cdf(rows, distance.add(bins.halfBin()).mul(inverseScale));
    NDArray lower = cdf(rows, distance.sub(bins.halfBin()).mul(inverseScale)).mul(isInner);
    return upper.sub(lower).clip(DiscretizedGaussian.FLOOR, 1).log().neg();
  }

  private static NDArray cdf(TrainingRows rows, NDArray z) {
    NDArray cube = z.square().mul(z).mul(rows.factor(DiscretizedGaussian.CDF_CUBE));
    return z.add(cube)
        .mul(rows.factor(2 * DiscretizedGaussian.CDF_SLOPE))
        .getNDArrayInternal()
        .sigmoid();
  }
}
