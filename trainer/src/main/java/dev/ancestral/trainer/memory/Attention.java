package dev.ancestral.trainer.memory;

/**
 * An attention among pixels: where memory grows with the square of their number.
 *
 * @param place in the network, by its parameters' names, such as {@code mid_block.attentions.0}
 * @param heads of the attention
 * @param height of what it attends to, in pixels
 * @param width of the same
 * @param numbers of one matrix of weights, of all heads, for one sample
 */
record Attention(String place, long heads, long height, long width, double numbers) {
  /** The weights before and after scaling, after the softmax, and the gradients of two of them. */
  static final int COPIES = 5;

  double bytes(int batch) {
    return COPIES * numbers * Float.BYTES * batch;
  }
}
