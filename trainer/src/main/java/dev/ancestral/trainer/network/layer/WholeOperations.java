package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;

/**
 * What an array can do in one piece that {@link NDArray} has as several operations only. A layer
 * asks whether its input is one of these; a plain array is not, nor is that of an exporter, which
 * so sees the several operations.
 */
public interface WholeOperations {
  /**
   * Group normalisation of [batch, channels, ...], of the same shape.
   *
   * @param weight [channels]
   * @param bias [channels]
   */
  NDArray groupNorm(int groups, NDArray weight, NDArray bias, float epsilon);

  /** x·σ(x). */
  NDArray silu();

  /** [batch, channels, H, W] with each pixel four times. */
  NDArray upsampleNearest();

  /**
   * softmax(scale·q·kᵀ)·v for the queries q that this is, [batch, heads, positions, size].
   *
   * @param keys [batch, heads, memories, size]
   * @param values of the same shape
   */
  NDArray attention(NDArray keys, NDArray values, float scale);
}
