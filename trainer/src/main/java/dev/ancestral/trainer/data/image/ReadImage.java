package dev.ancestral.trainer.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * What a reader of ImageIO gave, as samples: its rows are taken as they are stored wherever they
 * are levels of gray or of red, green and blue, since its conversions change values.
 *
 * @param image of gray, RGB, inks or a palette, with transparency or without
 */
record ReadImage(BufferedImage image) {
  /** The file's first picture, by a reader that is thrown away afterwards. */
  static ReadImage first(ImageReader reader, ImageInputStream in) throws IOException {
    in.seek(0);
    try {
      reader.setInput(in, false, true);
      return new ReadImage(reader.read(0));
    } finally {
      reader.dispose();
    }
  }

  /** A canvas that fits its samples. */
  Canvas canvas(int width, int height, boolean transparent, DecodeSettings settings)
      throws BadImageException {
    ColorModel model = image.getColorModel();
    if (!areStored()) {
      return new Canvas(width, height, 3, transparent, 8, settings.withBits(null));
    }
    int depth = model.getComponentSize(0);
    int type = model.getTransferType();
    if (depth > 16 || (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT)) {
      throw new BadImageException(
          "has samples of %d bits (expected: whole numbers of at most 16 bits)".formatted(depth));
    }
    return new Canvas(width, height, model.getNumColorComponents(), transparent, depth, settings);
  }

  boolean isTransparent() {
    return image.getColorModel().hasAlpha();
  }

  /** Puts its pixels on a canvas, its corner there. */
  void putOn(Canvas canvas, int left, int top) {
    for (int y = 0; y < image.getHeight(); y++) {
      if (areStored()) {
        putSamples(canvas, left, top, y);
      } else {
        putColours(canvas, left, top, y);
      }
    }
  }

  /** Whether its samples are one level each, and not an index or a few bits of a word. */
  private boolean areStored() {
    ColorModel model = image.getColorModel();
    int colours = model.getNumColorComponents();
    return model instanceof ComponentColorModel && (colours == 1 || colours == 3);
  }

  /** Whether its pixels are cyan, magenta, yellow and black, and nothing else. */
  boolean isInk() {
    return image.getColorModel() instanceof ComponentColorModel
        && image.getColorModel().getNumComponents() == 4
        && image.getColorModel().getNumColorComponents() == 4;
  }

  /** Puts the pixels of inks on a canvas of the same size. */
  void putOn(Canvas canvas, Inks printed) {
    int surplus = image.getColorModel().getComponentSize(0) - 8;
    for (int y = 0; y < image.getHeight(); y++) {
      int[] row = image.getRaster().getPixels(0, y, image.getWidth(), 1, (int[]) null);
      byte[] inks = new byte[row.length];
      for (int i = 0; i < row.length; i++) {
        inks[i] = (byte) (row[i] >> surplus);
      }
      printed.putRow(canvas, y, inks);
    }
  }

  private void putSamples(Canvas canvas, int left, int top, int y) {
    Raster raster = image.getRaster();
    int bands = raster.getNumBands();
    int[] row = raster.getPixels(0, y, image.getWidth(), 1, (int[]) null);
    int colours = image.getColorModel().getNumColorComponents();
    for (int x = 0; x < image.getWidth(); x++) {
      int first = x * bands;
      int second = colours == 1 ? first : first + 1;
      int third = colours == 1 ? first : first + 2;
      if (bands > colours) {
        if (image.isAlphaPremultiplied()) {
          divide(row, first, colours);
        }
        canvas.put(left + x, top + y, row[first], row[second], row[third], row[first + colours]);
      } else {
        canvas.put(left + x, top + y, row[first], row[second], row[third]);
      }
    }
  }

  /** Gives a pixel that was multiplied with its alpha, behind its colours, those colours again. */
  private void divide(int[] row, int first, int colours) {
    int opaque = (1 << image.getColorModel().getComponentSize(0)) - 1;
    int alpha = row[first + colours];
    for (int i = first; alpha > 0 && i < first + colours; i++) {
      row[i] = (int) Math.min(opaque, (long) row[i] * opaque / alpha);
    }
  }

  private void putColours(Canvas canvas, int left, int top, int y) {
    int[] row = image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
    for (int x = 0; x < row.length; x++) {
      canvas.put(
          left + x,
          top + y,
          (row[x] >> 16) & 0xFF,
          (row[x] >> 8) & 0xFF,
          row[x] & 0xFF,
          row[x] >>> 24);
    }
  }
}
