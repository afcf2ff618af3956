package dev.ancestral.diffusion.sampler;

/**
 * Bounds of the estimate of x0.
 *
 * @param min lower bound, below max
 * @param max upper bound
 */
public record ClipRange(double min, double max) {
  /** No clipping. */
  public static final ClipRange NONE =
      new ClipRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Images scaled to [-1, 1]. */
  public static final ClipRange UNIT = new ClipRange(-1, 1);

  /** Checks the order of the bounds. */
  public ClipRange {
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "clip range: [%s, %s] (expected: min below max)".formatted(min, max));
    }
  }
}
