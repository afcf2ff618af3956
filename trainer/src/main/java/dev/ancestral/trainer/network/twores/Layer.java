package dev.ancestral.trainer.network.twores;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Pass;

/** A function of [batch, channels, H, W] with parameters that are fetched within a pass. */
@FunctionalInterface
public interface Layer {
  /** Answers x itself. */
  Layer IDENTITY = (pass, x) -> x;

  /** Applies it. */
  NDArray apply(Pass pass, NDArray x);
}
