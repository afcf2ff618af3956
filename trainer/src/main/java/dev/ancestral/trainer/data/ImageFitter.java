package dev.ancestral.trainer.data;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;

/**
 * Brings an image of any size to the size and channels of the data set: scaled so that it just
 * covers the size, cropped to the centre, transparency over white.
 *
 * @param height in pixels
 * @param width in pixels
 * @param channels 1 for gray, 3 for RGB
 */
record ImageFitter(int height, int width, int channels) {
  /** Rec. 601 luma. */
  private static final double RED = 0.299;

  private static final double GREEN = 0.587;
  private static final double BLUE = 0.114;

  /** The pixels of an image of type RGB, channel by channel, row by row. */
  byte[] fit(BufferedImage image) {
    BufferedImage fitted = image;
    double scale =
        Math.max((double) width / fitted.getWidth(), (double) height / fitted.getHeight());
    int coveringWidth = Math.max(width, (int) Math.round(scale * fitted.getWidth()));
    int coveringHeight = Math.max(height, (int) Math.round(scale * fitted.getHeight()));
    // Halving first averages every pixel in; one big bilinear step would skip most of them.
    while (fitted.getWidth() >= 2 * coveringWidth && fitted.getHeight() >= 2 * coveringHeight) {
      fitted = resize(fitted, fitted.getWidth() / 2, fitted.getHeight() / 2);
    }
    if (fitted.getWidth() != coveringWidth || fitted.getHeight() != coveringHeight) {
      fitted = resize(fitted, coveringWidth, coveringHeight);
    }
    return planes(
        fitted.getSubimage(
            (coveringWidth - width) / 2, (coveringHeight - height) / 2, width, height));
  }

  private static BufferedImage resize(BufferedImage image, int width, int height) {
    BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = target.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return target;
  }

  private byte[] planes(BufferedImage image) {
    int plane = height * width;
    int[] rgb = image.getRGB(0, 0, width, height, null, 0, width);
    byte[] pixels = new byte[channels * plane];
    for (int i = 0; i < plane; i++) {
      int red = rgb[i] >> 16 & 0xFF;
      int green = rgb[i] >> 8 & 0xFF;
      int blue = rgb[i] & 0xFF;
      if (channels == 1) {
        pixels[i] = (byte) Math.round(RED * red + GREEN * green + BLUE * blue);
      } else {
        pixels[i] = (byte) red;
        pixels[plane + i] = (byte) green;
        pixels[2 * plane + i] = (byte) blue;
      }
    }
    return pixels;
  }
}
