package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;

/** The density of a normal distribution, for continuous data. */
final class DensityDecoder implements Decoder {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  @Override
  public NDArray nats(TrainingRows rows, NDArray difference, NDArray logVariance) {
    NDArray scaled = difference.square().mul(logVariance.neg().exp());
    return scaled.add(logVariance).add(LOG_2_PI).mul(rows.factor(0.5));
  }
}
