package dev.ancestral.trainer.data.image;

import java.awt.image.Raster;

/**
 * From a JPEG file's components to red, green and blue.
 *
 * @param components 1 for gray, 3, or 4 for inks
 * @param lumaChroma whether the first three are Y, Cb, Cr (of the paper left, for inks)
 * @param inverted whether inks are stored as Adobe does, 255 for none
 * @param printed what four inks look like
 */
record JpegColours(int components, boolean lumaChroma, boolean inverted, Inks printed) {

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
    printed.putRow(canvas, y, inks);
  }
}
