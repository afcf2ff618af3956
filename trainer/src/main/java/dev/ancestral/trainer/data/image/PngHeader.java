package dev.ancestral.trainer.data.image;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * PNG's first chunk.
 *
 * @param depth bits of one sample, or of a palette's index
 */
record PngHeader(long width, long height, int depth, Colour colour, boolean interlaced) {
  /** What a pixel consists of. */
  enum Colour {
    GRAY(1, 16),
    RGB(3, 16),
    PALETTE(1, 8),
    GRAY_ALPHA(2, 16),
    RGB_ALPHA(4, 16);

    private final int samples;
    private final int deepest;

    Colour(int samples, int deepest) {
      this.samples = samples;
      this.deepest = deepest;
    }

    int samples() {
      return samples;
    }

    /** By the number that the file has. */
    static Colour of(int type) throws BadImageException {
      return switch (type) {
        case 0 -> GRAY;
        case 2 -> RGB;
        case 3 -> PALETTE;
        case 4 -> GRAY_ALPHA;
        case 6 -> RGB_ALPHA;
        default ->
            throw new BadImageException(
                "has the colour type %d (expected: 0, 2, 3, 4 or 6)".formatted(type));
      };
    }
  }

  static PngHeader of(PngChunks chunks) throws IOException {
    byte[] data = chunks.data("IHDR");
    if (data == null || !chunks.first().type().equals("IHDR") || data.length != 13) {
      throw new BadImageException("does not begin with a chunk IHDR of 13 bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(data);
    long width = Integer.toUnsignedLong(header.getInt());
    long height = Integer.toUnsignedLong(header.getInt());
    int depth = header.get();
    Colour colour = Colour.of(header.get());
    int compression = header.get();
    int filter = header.get();
    int interlace = header.get();
    boolean powerOfTwo = depth > 0 && Integer.bitCount(depth) == 1;
    boolean packable = colour == Colour.GRAY || colour == Colour.PALETTE || depth >= 8;
    if (!powerOfTwo || depth > colour.deepest || !packable) {
      throw new BadImageException(
          "has %d bits with the colour type %s, which PNG does not know".formatted(depth, colour));
    }
    if (compression != 0 || filter != 0 || interlace < 0 || interlace > 1) {
      throw new BadImageException(
          "is compressed, filtered or interlaced by a method that PNG does not know");
    }
    return new PngHeader(width, height, depth, colour, interlace == 1);
  }

  /** Bits of a colour's sample. */
  int colourDepth() {
    return colour == Colour.PALETTE ? 8 : depth;
  }

  /** Bytes of a row of this many pixels, without the one that names its filter. */
  int rowBytes(int pixels) {
    return Math.toIntExact(((long) pixels * colour.samples * depth + 7) / 8);
  }

  /** Bytes from a pixel to the next, at least 1. */
  int pixelBytes() {
    return Math.max(1, colour.samples * depth / 8);
  }
}
