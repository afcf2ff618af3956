package dev.ancestral.trainer.data.image;

import java.awt.image.BufferedImage;

/**
 * The pixels of one picture over white, turned as it is to be seen.
 *
 * @param width in pixels
 * @param height in pixels
 * @param coloured whether red, green and blue differ in any pixel
 * @param pixels row by row, a byte for each gray level, or red, green, blue if it is coloured
 * @param bits of a sample in the file; 8 where colours come from a palette, and at least 8 but in
 *     PNG
 * @param white the sample that became 255
 * @param smallest the smallest sample in the file, 0..white
 * @param largest the largest sample in the file, 0..white
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record DecodedImage(
    int width,
    int height,
    boolean coloured,
    byte[] pixels,
    int bits,
    int white,
    int smallest,
    int largest) {

  /** 1 for gray, 3 for red, green and blue. */
  public int channels() {
    return coloured ? 3 : 1;
  }

  /** A copy of type RGB. */
  public BufferedImage toBufferedImage() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int red = pixels[at++] & 0xFF;
        int green = coloured ? pixels[at++] & 0xFF : red;
        int blue = coloured ? pixels[at++] & 0xFF : red;
        row[x] = (red << 16) | (green << 8) | blue;
      }
      image.setRGB(0, y, width, 1, row, 0, width);
    }
    return image;
  }
}
