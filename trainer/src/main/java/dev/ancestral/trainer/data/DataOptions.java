package dev.ancestral.trainer.data;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user may choose about a data set; null leaves it to the data, or to the default.
 *
 * @param height of an image, in pixels, after resizing and cropping
 * @param width of an image
 * @param channels 1 for gray, 3 for RGB
 * @param range what the smallest and the largest possible pixel become
 * @param fit how images of another size are brought to it; {@link Fit#COVER} by default
 * @param padding what stands beside those that do not fill it; {@link Padding#WHITE} by default
 * @param bits how many bits of a sample files use that have more, 1..16; all by default
 * @param skipUnreadable how many files that cannot be read are left out at most; 0 by default
 * @param standardize whether points get mean 0 and standard deviation 1; not by default
 * @param layout what the axes of an array are; by default what can only be meant
 */
public record DataOptions(
    @Nullable Integer height,
    @Nullable Integer width,
    @Nullable Integer channels,
    @Nullable Range range,
    @Nullable Fit fit,
    @Nullable Padding padding,
    @Nullable Integer bits,
    @Nullable Integer skipUnreadable,
    @Nullable Boolean standardize,
    @Nullable Layout layout) {
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

  /** Checks sizes, channels and what the choices ask of each other. */
  public DataOptions {
    if ((height != null && height < 1) || (width != null && width < 1)) {
      throw new IllegalArgumentException(
          "data.size: %s×%s (expected: at least 1×1)".formatted(height, width));
    }
    if (channels != null && channels != 1 && channels != 3) {
      throw new IllegalArgumentException(
          "data.channels: %d (expected: 1 for gray or 3 for RGB)".formatted(channels));
    }
    if (padding != null && fit != Fit.CONTAIN) {
      throw new IllegalArgumentException(
          "data.padding: %s (expected: nothing, or data.fit=%s, which leaves room for it)"
              .formatted(padding.label(), Fit.CONTAIN.label()));
    }
    if (bits != null && (bits < 1 || bits > 16)) {
      throw new IllegalArgumentException("data.bits: %d (expected: 1..16)".formatted(bits));
    }
    if (skipUnreadable != null && skipUnreadable < 0) {
      throw new IllegalArgumentException(
          "data.skip_unreadable: %d (expected: at least 0)".formatted(skipUnreadable));
    }
  }

  /** A choice of size, channels and range alone. */
  public DataOptions(
      @Nullable Integer height,
      @Nullable Integer width,
      @Nullable Integer channels,
      @Nullable Range range) {
    this(height, width, channels, range, null, null, null, null, null, null);
  }

  /** These options with another size, other channels and another range. */
  public DataOptions with(int otherHeight, int otherWidth, int otherChannels, Range otherRange) {
    return new DataOptions(
        otherHeight,
        otherWidth,
        otherChannels,
        otherRange,
        fit,
        padding,
        bits,
        skipUnreadable,
        standardize,
        layout);
  }

  /** The range, or [-1, 1]. */
  Range rangeOrSymmetric() {
    return range == null ? Range.SYMMETRIC : range;
  }

  Fit fitOrCover() {
    return fit == null ? Fit.COVER : fit;
  }

  Padding paddingOrWhite() {
    return padding == null ? Padding.WHITE : padding;
  }

  int skipUnreadableOrNone() {
    return skipUnreadable == null ? 0 : skipUnreadable;
  }

  /**
   * Refuses what only images can have.
   *
   * @param source for the message
   */
  void requireNoImageOptions(String source) {
    List<String> given = new ArrayList<>();
    if (height != null || width != null) {
      given.add("size");
    }
    if (channels != null) {
      given.add("channels");
    }
    if (range != null) {
      given.add("range");
    }
    require(given, "is for images", source);
    requireNoFolderOptions(source);
  }

  /**
   * Refuses what only a directory of images can have.
   *
   * @param source for the message
   */
  void requireNoFolderOptions(String source) {
    List<String> given = new ArrayList<>();
    if (fit != null) {
      given.add("fit");
    }
    if (padding != null) {
      given.add("padding");
    }
    if (bits != null) {
      given.add("bits");
    }
    if (skipUnreadable != null) {
      given.add("skip_unreadable");
    }
    require(given, "is for a directory of images", source);
  }

  /**
   * Refuses what only arrays can have.
   *
   * @param source for the message
   */
  void requireNoArrayOptions(String source) {
    if (layout != null) {
      require(List.of("layout"), "is for .npy and .npz", source);
    }
  }

  /**
   * Refuses what only points of a file can have.
   *
   * @param source for the message
   */
  void requireNoPointOptions(String source) {
    if (standardize != null) {
      require(List.of("standardize"), "is for points of a file", source);
    }
  }

  private static void require(List<String> given, String why, String source) {
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "data.%s: %s (expected: nothing for %s)".formatted(given.get(0), why, source));
    }
  }
}
