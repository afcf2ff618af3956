package dev.ancestral.trainer.loop;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Rows in pairs, one at t and one at T-1-t: each timestep is still equally frequent, but no batch
 * has early ones alone. The last row of an odd number stands by itself.
 */
final class AntitheticTimesteps extends MemorylessTimesteps {
  private final int count;

  AntitheticTimesteps(int count) {
    this.count = count;
  }

  @Override
  public void draw(RandomGenerator random, int[] timesteps, float[] weights) {
    for (int row = 0; row < timesteps.length; row++) {
      timesteps[row] = row % 2 == 0 ? random.nextInt(count) : count - 1 - timesteps[row - 1];
    }
    Arrays.fill(weights, 1);
  }
}
