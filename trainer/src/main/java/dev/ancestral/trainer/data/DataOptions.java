package dev.ancestral.trainer.data;

import org.jspecify.annotations.Nullable;

/**
 * What a user may choose about a data set; null leaves it to the data.
 *
 * @param height of an image, in pixels, after resizing and cropping
 * @param width of an image
 * @param channels 1 for gray, 3 for RGB
 * @param range what the smallest and the largest possible pixel become
 */
public record DataOptions(
    @Nullable Integer height,
    @Nullable Integer width,
    @Nullable Integer channels,
    @Nullable Range range) {
  /** Everything left to the data. */
  public static final DataOptions DEFAULTS = new DataOptions(null, null, null, null);

  /**
   * Bounds of a pixel as the network sees it.
   *
   * @param min below max
   */
  public record Range(double min, double max) {
    /** What diffusion models are usually trained on. */
    public static final Range SYMMETRIC = new Range(-1, 1);

    /** Checks the order. */
    public Range {
      if (!(min < max)) {
        throw new IllegalArgumentException(
            "data.range: [%s, %s] (expected: two numbers, the first below the second)"
                .formatted(min, max));
      }
    }
  }

  /** Checks sizes and channels. */
  public DataOptions {
    if ((height != null && height < 1) || (width != null && width < 1)) {
      throw new IllegalArgumentException(
          "data.size: %s×%s (expected: at least 1×1)".formatted(height, width));
    }
    if (channels != null && channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "data.channels: %d (expected: 1 for gray or 3 for RGB)".formatted(channels));
    }
  }

  /** The range, or [-1, 1]. */
  Range rangeOrSymmetric() {
    return range == null ? Range.SYMMETRIC : range;
  }

  /**
   * Refuses what only images can have.
   *
   * @param source for the message
   */
  void requireNoImageOptions(String source) {
    if (height != null || width != null || channels != null || range != null) {
      throw new IllegalArgumentException(
          "data: size, channels and range are for images (expected: none of them for %s)"
              .formatted(source));
    }
  }
}
