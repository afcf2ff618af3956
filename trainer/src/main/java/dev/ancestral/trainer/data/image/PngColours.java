package dev.ancestral.trainer.data.image;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the samples of a PNG file's pixels mean: levels, a palette's entries, transparency. */
final class PngColours {
  private final PngHeader header;

  /** Red, green and blue of each entry; empty without a palette. */
  private final byte[] palette;

  /** A palette's alphas, those of its first entries. */
  private final byte[] alphas;

  /** The one gray level or colour that is transparent; null without one. */
  private final int @Nullable [] key;

  private PngColours(PngHeader header, byte[] palette, byte[] alphas, int @Nullable [] key) {
    this.header = header;
    this.palette = palette;
    this.alphas = alphas;
    this.key = key;
  }

  static PngColours of(PngHeader header, byte @Nullable [] palette, byte @Nullable [] transparency)
      throws BadImageException {
    return switch (header.colour()) {
      case PALETTE -> {
        if (palette == null || palette.length == 0 || palette.length % 3 != 0) {
          throw new BadImageException("has no palette, although its pixels name entries of one");
        }
        byte[] alphas = transparency == null ? new byte[0] : transparency;
        yield new PngColours(header, palette, alphas, null);
      }
      case GRAY, RGB -> new PngColours(header, new byte[0], new byte[0], key(header, transparency));
      case GRAY_ALPHA, RGB_ALPHA -> new PngColours(header, new byte[0], new byte[0], null);
    };
  }

  private static int @Nullable [] key(PngHeader header, byte @Nullable [] transparency)
      throws BadImageException {
    if (transparency == null) {
      return null;
    }
    int[] key = new int[header.colour().samples()];
    if (transparency.length != 2 * key.length) {
      throw new BadImageException(
          "has a chunk tRNS of %d bytes (expected: %d)"
              .formatted(transparency.length, 2 * key.length));
    }
    ByteBuffer data = ByteBuffer.wrap(transparency);
    for (int i = 0; i < key.length; i++) {
      key[i] = data.getShort() & ((1 << header.depth()) - 1);
    }
    return key;
  }

  Canvas canvas(int width, int height, DecodeSettings settings) {
    return switch (header.colour()) {
      // A palette's entries are colours already, whatever the depth of the other files.
      case PALETTE -> new Canvas(width, height, 3, alphas.length > 0, 8, settings.withBits(null));
      case GRAY -> new Canvas(width, height, 1, key != null, header.depth(), settings);
      case RGB -> new Canvas(width, height, 3, key != null, header.depth(), settings);
      case GRAY_ALPHA -> new Canvas(width, height, 1, true, header.depth(), settings);
      case RGB_ALPHA -> new Canvas(width, height, 3, true, header.depth(), settings);
    };
  }

  /** Puts a pixel, given its row's samples and its place among the row's pixels. */
  void put(Canvas canvas, int x, int y, int[] row, int pixel) throws BadImageException {
    switch (header.colour()) {
      case PALETTE -> {
        int entry = row[pixel];
        if (3 * entry >= palette.length) {
          throw new BadImageException(
              "has a pixel of entry %d in a palette of %d".formatted(entry, palette.length / 3));
        }
        int red = palette[3 * entry] & 0xFF;
        int green = palette[3 * entry + 1] & 0xFF;
        int blue = palette[3 * entry + 2] & 0xFF;
        int alpha = entry < alphas.length ? alphas[entry] & 0xFF : 255;
        canvas.put(x, y, red, green, blue, alpha);
      }
      case GRAY -> {
        int gray = row[pixel];
        put(canvas, x, y, gray, gray, gray, key != null && gray == key[0]);
      }
      case RGB -> {
        int red = row[3 * pixel];
        int green = row[3 * pixel + 1];
        int blue = row[3 * pixel + 2];
        boolean none = key != null && red == key[0] && green == key[1] && blue == key[2];
        put(canvas, x, y, red, green, blue, none);
      }
      case GRAY_ALPHA -> {
        int gray = row[2 * pixel];
        canvas.put(x, y, gray, gray, gray, row[2 * pixel + 1]);
      }
      case RGB_ALPHA ->
          canvas.put(
              x, y, row[4 * pixel], row[4 * pixel + 1], row[4 * pixel + 2], row[4 * pixel + 3]);
    }
  }

  private static void put(
      Canvas canvas, int x, int y, int red, int green, int blue, boolean transparent) {
    if (transparent) {
      canvas.put(x, y, red, green, blue, 0);
    } else {
      canvas.put(x, y, red, green, blue);
    }
  }
}
