package dev.ancestral.bundle;

import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DynamicThreshold;

/**
 * How estimates of x0 are clipped unless a request says otherwise, in units of the data's range.
 */
public sealed interface ClipRule {
  /** Estimates are left as they are. */
  ClipRule NONE = new Unclipped();

  /** Each number is clipped to the data's range. */
  ClipRule TO_DATA = new Clipped(1);

  /** What is done to estimates of data in the range from {@code min} to {@code max}. */
  Clipping within(double min, double max);

  /** No clipping. */
  record Unclipped() implements ClipRule {
    @Override
    public Clipping within(double min, double max) {
      return Clipping.NONE;
    }
  }

  /**
   * Each number by itself.
   *
   * @param range how many half widths of the data's range the bounds are away from its middle,
   *     above 0
   */
  record Clipped(double range) implements ClipRule {
    /** Checks the range. */
    public Clipped {
      requirePositive("clip_range", range);
    }

    @Override
    public Clipping within(double min, double max) {
      return ClipRange.scaled(min, max, range);
    }
  }

  /**
   * {@link DynamicThreshold}.
   *
   * @param quantile above 0, at most 1
   * @param most the bound of what estimates are shrunk by, above 0; infinite for none
   */
  record Thresholded(double quantile, double most) implements ClipRule {
    /** Checks both. */
    public Thresholded {
      requirePositive("threshold_quantile", quantile);
      if (quantile > 1) {
        throw new IllegalArgumentException(
            "threshold_quantile: %s (expected: at most 1)".formatted(quantile));
      }
      if (!(most > 0)) {
        throw new IllegalArgumentException("threshold_max: %s (expected: above 0)".formatted(most));
      }
    }

    @Override
    public Clipping within(double min, double max) {
      return new DynamicThreshold(min, max, quantile, most);
    }
  }

  private static void requirePositive(String field, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException("%s: %s (expected: above 0)".formatted(field, value));
    }
  }
}
