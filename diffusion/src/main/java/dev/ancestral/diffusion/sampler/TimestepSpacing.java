package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which of the T timesteps a chain of N steps visits (Lin et al. 2024, table 2). Rounding is half
 * to even.
 */
public enum TimestepSpacing implements TimestepSelection {
  /** Multiples of ⌊T/N⌋ from 0: T-1 itself is not visited. */
  LEADING {
    @Override
    int[] select(int timesteps, int steps) {
      return multiples(timesteps / steps, 0, steps);
    }

    @Override
    public int[] solverTimesteps(int timesteps, int steps) {
      requireSteps(steps, timesteps - 1);
      int stride = timesteps / (steps + 1);
      return multiples(stride, stride, steps);
    }
  },
  /** Evenly from T-1 to 0, both visited. */
  LINSPACE {
    @Override
    int[] select(int timesteps, int steps) {
      // One step alone starts where training ends.
      return steps == 1 ? new int[] {timesteps - 1} : falling(timesteps, steps, steps - 1);
    }

    @Override
    public int[] solverTimesteps(int timesteps, int steps) {
      requireSteps(steps, timesteps - 1);
      return falling(timesteps, steps, steps);
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

  @Override
  public int[] timesteps(int timesteps, int steps) {
    requireSteps(steps, timesteps);
    return select(timesteps, steps);
  }

  @Override
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The labels of all. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(TimestepSpacing::label).toList();
  }

  /**
   * The spacing of this label.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static TimestepSpacing of(String label) {
    return Arrays.stream(values())
        .filter(spacing -> spacing.label().equals(label))
        .findFirst()
        .orElseThrow(() -> Names.unknown("spacing", label, labels()));
  }

  private static void requireSteps(int steps, int most) {
    if (steps < 1 || steps > most) {
      throw new InvalidOptionException("steps", "%d (expected: 1..%d)".formatted(steps, most));
    }
  }

  private static int[] multiples(int stride, int lowest, int count) {
    int[] selected = new int[count];
    for (int i = 0; i < count; i++) {
      selected[i] = lowest + (count - 1 - i) * stride;
    }
    return selected;
  }

  /** The first of {@code parts + 1} even points from T-1 to 0. */
  private static int[] falling(int timesteps, int count, int parts) {
    double stride = (double) (timesteps - 1) / parts;
    int[] selected = new int[count];
    selected[0] = timesteps - 1;
    for (int i = 1; i < count; i++) {
      selected[i] = (int) Math.rint((parts - i) * stride);
    }
    return selected;
  }
}
