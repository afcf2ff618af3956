package dev.ancestral.trainer.data.image;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a codec puts the samples of a picture's pixels, in any order, to have them finished: scaled
 * to eight bits, converted by a profile, laid over white, turned. A pixel that was never put is
 * white. For one thread.
 */
final class Canvas {
  private final int width;
  private final int height;
  private final int channels;
  private final int depth;
  private final int white;
  private final int opaque;

  /** By sample. */
  private final byte[] scaled;

  private final byte[] colours;
  private final byte @Nullable [] alphas;
  private int smallest = Integer.MAX_VALUE;
  private int largest;

  /**
   * @param channels 1 for gray, 3 for red, green and blue
   * @param depth bits of a sample, 1..16
   */
  Canvas(
      int width,
      int height,
      int channels,
      boolean transparent,
      int depth,
      DecodeSettings settings) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.depth = depth;
    this.white = settings.white(depth);
    this.opaque = (1 << depth) - 1;
    this.scaled = new byte[1 << depth];
    for (int sample = 0; sample <= opaque; sample++) {
      scaled[sample] = (byte) Math.min(255, Math.round(255.0 * sample / white));
    }
    this.colours = new byte[Math.multiplyExact(Math.multiplyExact(width, height), channels)];
    this.alphas = transparent ? new byte[width * height] : null;
    if (!transparent) {
      Arrays.fill(colours, (byte) 255);
    }
  }

  /** Samples of 0..2^depth-1; a canvas of one channel takes the first alone. */
  void put(int x, int y, int red, int green, int blue) {
    int pixel = y * width + x;
    if (channels == 1) {
      colours[pixel] = scaled[red];
      smallest = Math.min(smallest, red);
      largest = Math.max(largest, red);
    } else {
      colours[3 * pixel] = scaled[red];
      colours[3 * pixel + 1] = scaled[green];
      colours[3 * pixel + 2] = scaled[blue];
      smallest = Math.min(smallest, Math.min(red, Math.min(green, blue)));
      largest = Math.max(largest, Math.max(red, Math.max(green, blue)));
    }
    if (alphas != null) {
      alphas[pixel] = (byte) 255;
    }
  }

  /** On a transparent canvas; all of the depth's bits count for alpha. */
  void put(int x, int y, int red, int green, int blue, int alpha) {
    put(x, y, red, green, blue);
    if (alphas != null) {
      alphas[y * width + x] = (byte) Math.round(255.0 * alpha / opaque);
    }
  }

  /** The picture; the profile, of red, green and blue, does not touch one without colour. */
  DecodedImage finish(@Nullable ColourProfile profile, Orientation orientation)
      throws BadImageException {
    if (largest > white) {
      throw new BadImageException(
          "has a sample of %d (expected: at most %d, as data.bits says)".formatted(largest, white));
    }
    if (profile != null && isColoured()) {
      profile.convert(colours);
    }
    layOverWhite();
    boolean coloured = isColoured();
    int left = coloured ? 3 : 1;
    byte[] pixels = coloured || channels == 1 ? colours : firstOfThree();
    return new DecodedImage(
        orientation.turns() ? height : width,
        orientation.turns() ? width : height,
        coloured,
        orientation.apply(pixels, width, height, left),
        depth,
        white,
        Math.min(smallest, largest),
        largest);
  }

  private void layOverWhite() {
    if (alphas == null) {
      return;
    }
    for (int i = 0; i < colours.length; i++) {
      int alpha = alphas[i / channels] & 0xFF;
      colours[i] = (byte) (255 - ((255 - (colours[i] & 0xFF)) * alpha + 127) / 255);
    }
  }

  private boolean isColoured() {
    if (channels == 1) {
      return false;
    }
    for (int i = 0; i < colours.length; i += 3) {
      boolean seen = alphas == null || alphas[i / 3] != 0;
      if (seen && (colours[i] != colours[i + 1] || colours[i] != colours[i + 2])) {
        return true;
      }
    }
    return false;
  }

  private byte[] firstOfThree() {
    byte[] gray = new byte[colours.length / 3];
    for (int i = 0; i < gray.length; i++) {
      gray[i] = colours[3 * i];
    }
    return gray;
  }
}
