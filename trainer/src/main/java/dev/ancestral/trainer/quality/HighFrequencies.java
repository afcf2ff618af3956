package dev.ancestral.trainer.quality;

import dev.ancestral.bundle.DataSpec;
import java.util.List;

/**
 * How much detail pictures have: the mean square of the discrete Laplacian, the sum of the four
 * neighbours less four times the pixel, over all inner pixels and channels. A frequency (u, v)
 * counts by (4 - 2·cos u - 2·cos v)², so an even ground counts nothing and a checkerboard 64 times
 * its variance; a blur lowers it, and noise raises it. Pure.
 */
public final class HighFrequencies {
  private static final int LEAST_SIDE = 3;

  private HighFrequencies() {}

  /**
   * The mean over the pictures, in the pixels' unit squared.
   *
   * @param images at least one, each of the spec's shape
   * @param spec of pictures of at least 3×3 pixels
   * @throws IllegalArgumentException if they are smaller, or no pictures
   */
  public static double energy(List<float[]> images, DataSpec spec) {
    if (!measures(spec) || images.isEmpty()) {
      throw new IllegalArgumentException(
          "images: %d of shape %s (expected: at least one, of [channels, height, width] with 3x3 pixels or more)"
              .formatted(images.size(), spec.shape()));
    }
    int channels = Math.toIntExact(spec.shape().get(0));
    int height = Math.toIntExact(spec.shape().get(1));
    int width = Math.toIntExact(spec.shape().get(2));
    double sum = 0;
    for (float[] image : images) {
      for (int channel = 0; channel < channels; channel++) {
        sum += plane(image, channel * height * width, height, width);
      }
    }
    return sum / ((double) images.size() * channels * (height - 2) * (width - 2));
  }

  /** Whether such samples have frequencies. */
  public static boolean measures(DataSpec spec) {
    return spec.shape().size() == 3
        && spec.shape().get(1) >= LEAST_SIDE
        && spec.shape().get(2) >= LEAST_SIDE;
  }

  private static double plane(float[] image, int offset, int height, int width) {
    double sum = 0;
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int i = offset + y * width + x;
        double laplacian =
            (double) image[i - 1]
                + image[i + 1]
                + image[i - width]
                + image[i + width]
                - 4.0 * image[i];
        sum += laplacian * laplacian;
      }
    }
    return sum;
  }
}
