package dev.ancestral.trainer.data.image;

/**
 * How a stored picture is turned and mirrored to be seen: the eight values of EXIF's tag 0x0112, in
 * their order.
 */
enum Orientation {
  NORMAL,
  MIRRORED,
  ROTATED_180,
  FLIPPED,
  TRANSPOSED,
  /** To be turned clockwise by a quarter. */
  ROTATED_90,
  TRANSVERSED,
  ROTATED_270;

  /** Of a tag's value; what is none of the eight turns nothing. */
  static Orientation of(long value) {
    return value >= 1 && value <= values().length ? values()[(int) value - 1] : NORMAL;
  }

  /** Whether width and height change places. */
  boolean turns() {
    return compareTo(TRANSPOSED) >= 0;
  }

  /** Pixels of a stored picture of this width and height as they are seen. */
  byte[] apply(byte[] pixels, int width, int height, int channels) {
    if (this == NORMAL) {
      return pixels;
    }
    int seenWidth = turns() ? height : width;
    int seenHeight = turns() ? width : height;
    byte[] seen = new byte[pixels.length];
    int to = 0;
    for (int y = 0; y < seenHeight; y++) {
      for (int x = 0; x < seenWidth; x++) {
        int from = (row(x, y, height) * width + column(x, y, width)) * channels;
        for (int channel = 0; channel < channels; channel++) {
          seen[to++] = pixels[from + channel];
        }
      }
    }
    return seen;
  }

  /** The stored column of a seen pixel. */
  private int column(int x, int y, int width) {
    return switch (this) {
      case NORMAL, FLIPPED -> x;
      case MIRRORED, ROTATED_180 -> width - 1 - x;
      case TRANSPOSED, ROTATED_90 -> y;
      case TRANSVERSED, ROTATED_270 -> width - 1 - y;
    };
  }

  /** The stored row of a seen pixel. */
  private int row(int x, int y, int height) {
    return switch (this) {
      case NORMAL, MIRRORED -> y;
      case ROTATED_180, FLIPPED -> height - 1 - y;
      case TRANSPOSED, ROTATED_270 -> x;
      case ROTATED_90, TRANSVERSED -> height - 1 - x;
    };
  }
}
