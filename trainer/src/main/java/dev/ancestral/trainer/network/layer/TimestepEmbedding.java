package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;

/**
 * Positional embedding of a timestep (Vaswani et al. 2017): cos and sin of t·ω_i with ω_i =
 * 10000^(-i/(half - shift)), i = 0..half-1. No parameters; t may be fractional.
 */
public final class TimestepEmbedding {
  private static final double MAX_PERIOD = 10_000;

  private final float[] frequencies;
  private final boolean cosineFirst;

  /**
   * An embedding.
   *
   * @param size even; half cosines, half sines
   * @param shift 0 in DDPM's later code, 1 in the transformer's
   * @param cosineFirst [cos, sin] rather than [sin, cos]
   */
  public TimestepEmbedding(int size, double shift, boolean cosineFirst) {
    if (size < 2 || size % 2 != 0) {
      throw new IllegalArgumentException(
          "timestep embedding: %d channels (expected: an even number)".formatted(size));
    }
    int half = size / 2;
    this.frequencies = new float[half];
    for (int i = 0; i < half; i++) {
      frequencies[i] = (float) Math.exp(-Math.log(MAX_PERIOD) * i / (half - shift));
    }
    this.cosineFirst = cosineFirst;
  }

  /** f32 [batch] to [batch, size]. */
  public NDArray apply(NDArray timestep) {
    NDArray angles = timestep.reshape(-1, 1).mul(timestep.getManager().create(frequencies));
    NDArray cosines = angles.cos();
    NDArray sines = angles.sin();
    return cosineFirst ? cosines.concat(sines, 1) : sines.concat(cosines, 1);
  }
}
