package dev.ancestral.diffusion.sampler;

/**
 * Which of the T timesteps a chain of N steps visits (Lin et al. 2024, table 2). Rounding is half
 * to even.
 */
public enum TimestepSpacing {
  /** Multiples of ⌊T/N⌋ from 0: T-1 itself is not visited. */
  LEADING {
    @Override
    int[] select(int timesteps, int steps) {
      int stride = timesteps / steps;
      int[] selected = new int[steps];
      for (int i = 0; i < steps; i++) {
        selected[i] = (steps - 1 - i) * stride;
      }
      return selected;
    }
  },
  /** Evenly from T-1 to 0, both visited. */
  LINSPACE {
    @Override
    int[] select(int timesteps, int steps) {
      int[] selected = new int[steps];
      for (int i = 0; i < steps; i++) {
        // One step alone starts where training ends.
        double position = steps == 1 ? 1 : (double) (steps - 1 - i) / (steps - 1);
        selected[i] = (int) Math.rint(position * (timesteps - 1));
      }
      return selected;
    }
  },
  /** Evenly downward from T-1: the chain starts where training ends. */
  TRAILING {
    @Override
    int[] select(int timesteps, int steps) {
      double stride = (double) timesteps / steps;
      int[] selected = new int[steps];
      for (int i = 0; i < steps; i++) {
        selected[i] = (int) Math.rint(timesteps - i * stride) - 1;
      }
      return selected;
    }
  };

  abstract int[] select(int timesteps, int steps);

  /**
   * The timesteps in the order they are visited, strictly falling.
   *
   * @param timesteps T, at least 1
   * @param steps N, 1..T
   * @throws IllegalArgumentException when steps is out of bounds
   */
  public int[] timesteps(int timesteps, int steps) {
    if (steps < 1 || steps > timesteps) {
      throw new IllegalArgumentException("steps: %d (expected: 1..%d)".formatted(steps, timesteps));
    }
    return select(timesteps, steps);
  }
}
