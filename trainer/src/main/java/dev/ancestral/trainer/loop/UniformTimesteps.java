package dev.ancestral.trainer.loop;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Every timestep equally often, each row by itself (Ho et al. 2020, algorithm 1). */
final class UniformTimesteps extends MemorylessTimesteps {
  private final int count;

  UniformTimesteps(int count) {
    this.count = count;
  }

  @Override
  public void draw(RandomGenerator random, int[] timesteps, float[] weights) {
    for (int row = 0; row < timesteps.length; row++) {
      timesteps[row] = random.nextInt(count);
    }
    Arrays.fill(weights, 1);
  }
}
