package dev.ancestral.trainer.network.twores;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Scope;

/** What one U-Net of this shape does otherwise than another. Makes parts; stateless itself. */
public interface Parts {
  /** A block from {@code in} to {@code out} channels. */
  ResidualBlock block(Scope scope, int in, int out);

  /** The activation of the time embedding, which every block would begin with. */
  NDArray activate(NDArray embedding);

  /**
   * What follows the second block of a level.
   *
   * @param scope the level's
   * @param level 0 for the largest resolution
   * @param channels of the block's output
   */
  Layer attention(Scope scope, int level, int channels);

  /** What stands between the two blocks in the middle; {@code scope} is the whole network's. */
  Layer middle(Scope scope, int channels);

  /**
   * What becomes of a skip.
   *
   * @param scope the level's on the way up
   * @param index 0 for the first block of the level, 1 for the second
   * @param skipChannels of what is handed across
   * @param channels of what it will be concatenated to
   */
  Skip skip(Scope scope, int index, int skipChannels, int channels);

  /**
   * Where the convolution that ends a level has its parameters.
   *
   * @param scope the level's
   * @param resizes whether it belongs to a change of resolution
   */
  Scope resampler(Scope scope, boolean resizes);
}
