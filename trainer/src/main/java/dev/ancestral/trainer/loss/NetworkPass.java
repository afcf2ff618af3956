package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;

/** The network in training, at the timesteps and labels of some rows. */
public interface NetworkPass {
  /**
   * An output and how it moves.
   *
   * @param output as {@link #output} answers it
   * @param tangent J·v, of the output's shape, J being the Jacobian of the output by the state
   */
  record Tangent(NDArray output, NDArray tangent) {}

  /**
   * One forward pass.
   *
   * @param noisy x_t, f32 [rows, ...shape]
   * @return the network's output, with the channels of every head
   */
  NDArray output(NDArray noisy);

  /**
   * One forward pass with its tangent; only for a {@link Loss#needsTangent() loss that needs it}.
   *
   * @param noisy x_t, f32 [rows, ...shape]
   * @param direction v, of the same shape
   */
  Tangent tangent(NDArray noisy, NDArray direction);
}
