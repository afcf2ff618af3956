package dev.ancestral.trainer.network.twores;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Pass;

/** What becomes of a block's output on its way across. */
@FunctionalInterface
public interface Skip {
  /** It arrives as it is. */
  Skip PLAIN = (pass, skip, x) -> skip;

  /**
   * Answers the shape of {@code skip}.
   *
   * @param skip the output of a block on the way down, [batch, skipChannels, H, W]
   * @param x what it will be concatenated to, [batch, channels, H, W]
   */
  NDArray apply(Pass pass, NDArray skip, NDArray x);
}
