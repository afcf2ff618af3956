package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.bundle.DataSpec;

/** -log p(x0 | x_1), the last term of the bound, in nats per number. */
interface Decoder {
  /** The decoder of data with levels, or of continuous data. */
  static Decoder of(DataSpec data) {
    return data.levels() == 0 ? new DensityDecoder() : new LevelsDecoder(data);
  }

  /**
   * The term of each number.
   *
   * @param difference x0 minus the mean, f32 [rows, ...shape]
   * @param logVariance of the same shape, or [rows, 1, ...]
   */
  NDArray nats(TrainingRows rows, NDArray difference, NDArray logVariance);
}
