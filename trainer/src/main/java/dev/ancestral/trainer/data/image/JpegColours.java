package dev.ancestral.trainer.data.image;

import java.awt.image.Raster;
import org.jspecify.annotations.Nullable;

/**
 * From a JPEG file's components to red, green and blue.
 *
 * @param components 1 for gray, 3, or 4 for inks
 * @param lumaChroma whether the first three are Y, Cb, Cr (of the paper left, for inks)
 * @param inverted whether inks are stored as Adobe does, 255 for none
 * @param profile of the inks; without one, each ink takes its share of the light
 */
record JpegColours(
    int components, boolean lumaChroma, boolean inverted, @Nullable ColourProfile profile) {

  void putRow(Canvas canvas, int y, Raster raster) {
    int width = raster.getWidth();
    int[] row = raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, (int[]) null);
    if (lumaChroma) {
      toRgb(row, components);
    }
    switch (components) {
      case 1 -> {
        for (int x = 0; x < width; x++) {
          canvas.put(x, y, row[x], row[x], row[x]);
        }
      }
      case 3 -> {
        for (int x = 0; x < width; x++) {
          canvas.put(x, y, row[3 * x], row[3 * x + 1], row[3 * x + 2]);
        }
      }
      default -> putInks(canvas, y, row);
    }
  }

  /** ITU-R BT.601 at full range, as JFIF says, in libjpeg's fixed point. */
  private static void toRgb(int[] row, int step) {
    for (int i = 0; i < row.length; i += step) {
      int luma = row[i];
      int blue = row[i + 1] - 128;
      int red = row[i + 2] - 128;
      row[i] = clamp(luma + ((91881 * red + 32768) >> 16));
      row[i + 1] = clamp(luma + ((-22554 * blue - 46802 * red + 32768) >> 16));
      row[i + 2] = clamp(luma + ((116130 * blue + 32768) >> 16));
    }
  }

  private static int clamp(int value) {
    return Math.max(0, Math.min(255, value));
  }

  private void putInks(Canvas canvas, int y, int[] row) {
    byte[] inks = new byte[row.length];
    for (int i = 0; i < row.length; i++) {
      // Luma and chroma of inks are those of 255 less the first three inks.
      boolean paper = lumaChroma && i % 4 < 3;
      inks[i] = (byte) (paper != inverted ? 255 - row[i] : row[i]);
    }
    byte[] colours = new byte[row.length / 4 * 3];
    if (profile == null) {
      for (int i = 0; i < colours.length; i++) {
        int light = 255 - (inks[i / 3 * 4 + i % 3] & 0xFF);
        int black = inks[i / 3 * 4 + 3] & 0xFF;
        colours[i] = (byte) ((light * (255 - black) + 127) / 255);
      }
    } else {
      profile.convert(inks, colours);
    }
    for (int x = 0; 3 * x < colours.length; x++) {
      canvas.put(x, y, colours[3 * x] & 0xFF, colours[3 * x + 1] & 0xFF, colours[3 * x + 2] & 0xFF);
    }
  }
}
