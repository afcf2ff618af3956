package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.image.DecodedImage;

/**
 * An image of eight bits, channel by channel.
 *
 * @param channels 1 for gray, 3 for RGB
 * @param height in pixels
 * @param width in pixels
 * @param pixels unsigned bytes, channel by channel, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // A carrier; nobody compares images.
record Planes(int channels, int height, int width, byte[] pixels) {
  /** Rec. 601 luma. */
  private static final double RED = 0.299;

  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  /** Checks the length. */
  Planes {
    if (pixels.length != channels * height * width) {
      throw new IllegalArgumentException(
          "planes: %d bytes (expected: %d×%d×%d)"
              .formatted(pixels.length, channels, height, width));
    }
  }

  /** Channel by channel what was pixel by pixel. */
  static Planes of(DecodedImage image) {
    int channels = image.channels();
    if (channels == 1) {
      return new Planes(1, image.height(), image.width(), image.pixels());
    }
    int plane = image.height() * image.width();
    byte[] pixels = new byte[channels * plane];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = image.pixels()[i % plane * channels + i / plane];
    }
    return new Planes(channels, image.height(), image.width(), pixels);
  }

  int level(int channel, int y, int x) {
    return pixels[(channel * height + y) * width + x] & 0xFF;
  }

  /** The same image in another number of channels: its luma, or gray three times. */
  Planes withChannels(int wanted) {
    if (wanted == channels) {
      return this;
    }
    int plane = height * width;
    byte[] converted = new byte[wanted * plane];
    for (int i = 0; i < plane; i++) {
      if (wanted == 1) {
        converted[i] =
            (byte)
                Math.round(
                    RED * (pixels[i] & 0xFF)
                        + GREEN * (pixels[plane + i] & 0xFF)
                        + BLUE * (pixels[2 * plane + i] & 0xFF));
      } else {
        converted[i] = pixels[i];
        converted[plane + i] = pixels[i];
        converted[2 * plane + i] = pixels[i];
      }
    }
    return new Planes(wanted, height, width, converted);
  }

  /** The part of it that starts there. */
  Planes window(int top, int left, int windowHeight, int windowWidth) {
    if (windowHeight == height && windowWidth == width) {
      return this;
    }
    byte[] part = new byte[channels * windowHeight * windowWidth];
    for (int row = 0; row < channels * windowHeight; row++) {
      int y = row / windowHeight * height + top + row % windowHeight;
      System.arraycopy(pixels, y * width + left, part, row * windowWidth, windowWidth);
    }
    return new Planes(channels, windowHeight, windowWidth, part);
  }

  /** The middle of it. */
  Planes centre(int windowHeight, int windowWidth) {
    return window(
        (height - windowHeight) / 2, (width - windowWidth) / 2, windowHeight, windowWidth);
  }
}
