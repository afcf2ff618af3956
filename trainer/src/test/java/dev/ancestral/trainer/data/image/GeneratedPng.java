package dev.ancestral.trainer.data.image;

import java.nio.ByteBuffer;
import java.util.Random;

/** A picture of random samples that knows what it looks like over white. */
final class GeneratedPng {
  private static final long SEED = 20;

  private final int colourType;
  private final int depth;
  private final int width;
  private final int height;
  private final int[] samples;
  private final byte[] palette;
  private byte[] alphas = {};
  private int transparentPixel = -1;

  GeneratedPng(int colourType, int depth, int width, int height) {
    this.colourType = colourType;
    this.depth = depth;
    this.width = width;
    this.height = height;
    Random random = new Random(SEED);
    palette = new byte[3 << Math.min(depth, 8)];
    random.nextBytes(palette);
    int each = PngWriter.samplesOf(colourType);
    samples = new int[width * height * each];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = random.nextInt(1 << depth);
    }
  }

  /** With the last pixel's level or colour not seen, or an alpha for half of the palette. */
  GeneratedPng withTransparencyChunk() {
    if (colourType == 3) {
      alphas = new byte[palette.length / 6];
      new Random(SEED).nextBytes(alphas);
    } else {
      transparentPixel = width * height - 1;
    }
    return this;
  }

  PngWriter writer(boolean interlaced) {
    PngWriter writer =
        new PngWriter(width, height, depth, colourType, samples)
            .interlaced(interlaced)
            .dataChunks(3)
            .before("gAMA", ByteBuffer.allocate(4).putInt(100_000).array());
    if (colourType == 3) {
      writer.before("PLTE", palette);
    }
    if (alphas.length > 0) {
      writer.before("tRNS", alphas);
    } else if (transparentPixel >= 0) {
      int each = PngWriter.samplesOf(colourType);
      ByteBuffer key = ByteBuffer.allocate(2 * each);
      for (int i = 0; i < each; i++) {
        key.putShort((short) samples[transparentPixel * each + i]);
      }
      writer.before("tRNS", key.array());
    }
    return writer;
  }

  /** Of a colour's sample. */
  int bits() {
    return colourType == 3 ? 8 : depth;
  }

  boolean coloured() {
    for (int i = 0; i < width * height; i++) {
      double red = Math.round(overWhite(i, 0));
      if (red != Math.round(overWhite(i, 1)) || red != Math.round(overWhite(i, 2))) {
        return true;
      }
    }
    return false;
  }

  /** A pixel's red, green or blue, 0..255. */
  double overWhite(int pixel, int channel) {
    double alpha = alpha(pixel);
    return 255 * (1 - alpha * (1 - colour(pixel, channel)));
  }

  private double colour(int pixel, int channel) {
    int each = PngWriter.samplesOf(colourType);
    if (colourType == 3) {
      return (palette[3 * samples[pixel] + channel] & 0xFF) / 255.0;
    }
    return samples[pixel * each + (each < 3 ? 0 : channel)] / ((1 << depth) - 1.0);
  }

  private double alpha(int pixel) {
    int each = PngWriter.samplesOf(colourType);
    if (colourType == 3) {
      return samples[pixel] < alphas.length ? (alphas[samples[pixel]] & 0xFF) / 255.0 : 1;
    }
    if (colourType >= 4) {
      return samples[pixel * each + each - 1] / ((1 << depth) - 1.0);
    }
    for (int i = 0; i < each; i++) {
      if (transparentPixel < 0
          || samples[pixel * each + i] != samples[transparentPixel * each + i]) {
        return 1;
      }
    }
    return 0;
  }
}
