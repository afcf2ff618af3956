package dev.ancestral.picture;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** Numbers of one image to eight-bit pixels. */
public final class Pixels {
  static {
    // The cache would be a file per picture; these fit in memory.
    ImageIO.setUseCache(false);
  }

  private Pixels() {}

  /**
   * The bytes of an image: {@code min} becomes 0 and {@code max} 255, clamped, rounded half up.
   *
   * @param data numbers in any order, which is kept
   */
  public static byte[] quantise(float[] data, double min, double max) {
    byte[] bytes = new byte[data.length];
    float offset = (float) min;
    float scale = (float) (255 / (max - min));
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) Math.min(Math.max(Math.round((data[i] - offset) * scale), 0), 255);
    }
    return bytes;
  }

  /**
   * The picture of one image.
   *
   * @param data numbers, row-major in {@code shape}
   * @param shape [C, H, W] with C 1 (gray) or 3 (RGB)
   * @throws IllegalArgumentException if the shape is another or does not hold the data
   */
  public static BufferedImage image(float[] data, long[] shape, double min, double max) {
    if (shape.length != 3
        || (shape[0] != 1 && shape[0] != 3)
        || shape[0] * shape[1] * shape[2] != data.length) {
      throw new IllegalArgumentException(
          "image: %d numbers of shape %s (expected: [1|3, height, width])"
              .formatted(data.length, Arrays.toString(shape)));
    }
    int channels = (int) shape[0];
    int height = (int) shape[1];
    int width = (int) shape[2];
    byte[] bytes = quantise(data, min, max);
    int plane = height * width;
    BufferedImage image =
        new BufferedImage(
            width,
            height,
            channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
    if (channels == 1) {
      image.getRaster().setDataElements(0, 0, width, height, bytes);
    } else {
      int[] packed = new int[plane];
      for (int i = 0; i < plane; i++) {
        packed[i] =
            (bytes[i] & 0xFF) << 16
                | (bytes[plane + i] & 0xFF) << 8
                | (bytes[2 * plane + i] & 0xFF);
      }
      image.getRaster().setDataElements(0, 0, width, height, packed);
    }
    return image;
  }

  /** The picture with each pixel as a square of {@code scale} pixels, at least 1. */
  public static BufferedImage enlarged(BufferedImage image, int scale) {
    if (scale == 1) {
      return image;
    }
    int width = Math.multiplyExact(image.getWidth(), scale);
    int height = Math.multiplyExact(image.getHeight(), scale);
    BufferedImage large = new BufferedImage(width, height, image.getType());
    Object pixel = null;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixel = image.getRaster().getDataElements(x / scale, y / scale, pixel);
        large.getRaster().setDataElements(x, y, pixel);
      }
    }
    return large;
  }

  /** The PNG file of a picture. */
  public static byte[] png(BufferedImage image) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", out)) {
        throw new IllegalStateException("this Java runtime has no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
