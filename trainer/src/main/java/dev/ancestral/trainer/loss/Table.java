package dev.ancestral.trainer.loss;

import java.util.function.IntToDoubleFunction;

/** A coefficient at every timestep, computed in {@code double} before training starts. */
final class Table {
  private final float[] values;

  private Table(float[] values) {
    this.values = values;
  }

  /**
   * The values at t = 0..T-1.
   *
   * @param what for messages, such as {@code loss.weighting min_snr}
   * @throws IllegalArgumentException if one is not finite
   */
  static Table of(String what, int timesteps, IntToDoubleFunction value) {
    float[] values = new float[timesteps];
    for (int t = 0; t < timesteps; t++) {
      values[t] = (float) value.applyAsDouble(t);
      if (!Float.isFinite(values[t])) {
        throw new IllegalArgumentException(
            "%s: %s at t = %d (expected: a finite number; try another prediction_type or schedule)"
                .formatted(what, values[t], t));
      }
    }
    return new Table(values);
  }

  float at(int t) {
    return values[t];
  }
}
