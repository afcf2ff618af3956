package dev.ancestral.trainer.network.twores;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Pass;

/** A block around a shortcut that is told the timestep. */
@FunctionalInterface
public interface ResidualBlock {
  /**
   * [batch, in, H, W] to [batch, out, H, W].
   *
   * @param time what {@link Parts#activate} made of the embedding, [batch, {@link
   *     TwoResConfig#embeddingSize}]
   */
  NDArray apply(Pass pass, NDArray x, NDArray time);
}
