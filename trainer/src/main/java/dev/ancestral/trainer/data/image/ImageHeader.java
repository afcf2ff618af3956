package dev.ancestral.trainer.data.image;

/**
 * What a file says of itself before its pixels.
 *
 * @param format found by its first bytes
 * @param width in pixels, after the orientation is applied; at least 1
 * @param height in pixels, after the orientation is applied; at least 1
 * @param bits of one sample, as {@link DecodedImage} has them
 */
public record ImageHeader(ImageFormat format, int width, int height, int bits) {
  static ImageHeader of(
      ImageFormat format, long width, long height, int bits, Orientation orientation)
      throws BadImageException {
    if (width < 1 || height < 1 || width > Integer.MAX_VALUE || height > Integer.MAX_VALUE) {
      throw new BadImageException(
          "says that it is %d×%d pixels (expected: at least 1×1, at most 2147483647 a side)"
              .formatted(width, height));
    }
    return orientation.turns()
        ? new ImageHeader(format, (int) height, (int) width, bits)
        : new ImageHeader(format, (int) width, (int) height, bits);
  }

  /** How many pixels it has. */
  public long pixels() {
    return (long) width * height;
  }
}
