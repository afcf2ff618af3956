package dev.ancestral.diffusion.sampler;

/**
 * Bounds of each number in the estimate of x0.
 *
 * @param min lower bound, below max
 * @param max upper bound
 */
public record ClipRange(double min, double max) implements Clipping {
  /** Images scaled to [-1, 1]. */
  public static final ClipRange UNIT = new ClipRange(-1, 1);

  /** Checks the order of the bounds. */
  public ClipRange {
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "clip range: [%s, %s] (expected: min below max)".formatted(min, max));
    }
  }

  /**
   * Bounds around the middle of a range.
   *
   * @param scale how many of its half widths they are away from it
   */
  public static ClipRange scaled(double min, double max, double scale) {
    if (scale == 1) {
      return new ClipRange(min, max);
    }
    double middle = (min + max) / 2;
    double reach = scale * (max - min) / 2;
    return new ClipRange(middle - reach, middle + reach);
  }

  @Override
  public String words() {
    return min + ".." + max;
  }

  @Override
  public void apply(float[] x0) {
    float low = (float) min;
    float high = (float) max;
    for (int i = 0; i < x0.length; i++) {
      x0[i] = Math.min(Math.max(x0[i], low), high);
    }
  }
}
