package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;

/** The network in training, at the timesteps and labels of some rows. */
@FunctionalInterface
public interface NetworkPass {
  /**
   * One forward pass.
   *
   * @param noisy x_t, f32 [rows, ...shape]
   * @return the network's output, with the channels of every head
   */
  NDArray output(NDArray noisy);
}
