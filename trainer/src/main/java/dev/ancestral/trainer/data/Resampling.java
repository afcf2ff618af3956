package dev.ancestral.trainer.data;

/**
 * Scales images with a triangle as wide as a pixel of the smaller image, along x and then along y:
 * bilinear where an image grows, and an average of everything where it shrinks.
 */
final class Resampling {
  /**
   * The weights of one target pixel.
   *
   * @param first source pixel that counts
   * @param shares of it and those after it; they add to 1
   */
  @SuppressWarnings("ArrayRecordComponent") // A carrier; nobody compares weights.
  private record Mixture(int first, float[] shares) {}

  private Resampling() {}

  static Planes resize(Planes image, int height, int width) {
    if (image.height() == height && image.width() == width) {
      return image;
    }
    Mixture[] alongX = mixtures(image.width(), width);
    Mixture[] alongY = mixtures(image.height(), height);
    byte[] resized = new byte[image.channels() * height * width];
    float[] narrowed = new float[image.height() * width];
    for (int channel = 0; channel < image.channels(); channel++) {
      for (int y = 0; y < image.height(); y++) {
        for (int x = 0; x < width; x++) {
          Mixture mixture = alongX[x];
          float sum = 0;
          for (int i = 0; i < mixture.shares.length; i++) {
            sum += mixture.shares[i] * image.level(channel, y, mixture.first + i);
          }
          narrowed[y * width + x] = sum;
        }
      }
      for (int y = 0; y < height; y++) {
        Mixture mixture = alongY[y];
        for (int x = 0; x < width; x++) {
          float sum = 0;
          for (int i = 0; i < mixture.shares.length; i++) {
            sum += mixture.shares[i] * narrowed[(mixture.first + i) * width + x];
          }
          resized[(channel * height + y) * width + x] =
              (byte) Math.min(Math.max(Math.round(sum), 0), 255);
        }
      }
    }
    return new Planes(image.channels(), height, width, resized);
  }

  private static Mixture[] mixtures(int from, int to) {
    double scale = (double) from / to;
    double reach = Math.max(scale, 1);
    Mixture[] mixtures = new Mixture[to];
    for (int target = 0; target < to; target++) {
      double centre = (target + 0.5) * scale;
      int first = Math.max(0, (int) Math.floor(centre - reach));
      int end = Math.min(from, (int) Math.ceil(centre + reach));
      double[] weights = new double[end - first];
      double sum = 0;
      for (int i = 0; i < weights.length; i++) {
        weights[i] = Math.max(0, 1 - Math.abs(first + i + 0.5 - centre) / reach);
        sum += weights[i];
      }
      float[] shares = new float[weights.length];
      for (int i = 0; i < shares.length; i++) {
        shares[i] = (float) (weights[i] / sum);
      }
      mixtures[target] = new Mixture(first, shares);
    }
    return mixtures;
  }
}
