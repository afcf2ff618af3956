package dev.ancestral.trainer.loop;

import org.jspecify.annotations.Nullable;

/** A source whose draws depend on the random numbers alone. */
abstract class MemorylessTimesteps implements TimestepSource {
  @Override
  public void observe(int[] timesteps, float[] losses) {
    // Nothing to learn.
  }

  @Override
  public @Nullable LossHistory history() {
    return null;
  }

  @Override
  public void restore(@Nullable LossHistory history) {
    if (history != null) {
      throw new IllegalArgumentException(
          "loss.timesteps: uniform or antithetic, with a history of losses (expected: second_moment)");
    }
  }
}
