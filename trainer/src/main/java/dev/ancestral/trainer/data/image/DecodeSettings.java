package dev.ancestral.trainer.data.image;

import org.jspecify.annotations.Nullable;

/**
 * How files are read, and which are too large to be.
 *
 * @param bits how many of a sample's bits are used, 1..16, by files whose samples have more: 12 for
 *     a 12-bit camera's 16-bit files, in which 4095 is white; null for all
 * @param maxPixels the most pixels of one picture
 * @param maxBytes the most memory that decoding one picture may take
 */
public record DecodeSettings(@Nullable Integer bits, long maxPixels, long maxBytes) {
  /** All bits, 178 956 970 pixels (as much RGB as fits 512 MiB), half of the heap. */
  public static final DecodeSettings DEFAULTS =
      new DecodeSettings(null, (512L << 20) / 3, Runtime.getRuntime().maxMemory() / 2);

  /** Colours and transparency, before and after turning, beside what a reader holds. */
  private static final long BYTES_PER_PIXEL = 12;

  public DecodeSettings {
    if (bits != null && (bits < 1 || bits > 16)) {
      throw new IllegalArgumentException("bits: " + bits + " (expected: 1..16)");
    }
    if (maxPixels < 1) {
      throw new IllegalArgumentException("maxPixels: " + maxPixels + " (expected: at least 1)");
    }
    if (maxBytes < 1) {
      throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: at least 1)");
    }
  }

  /** The same with this many bits used; null for all. */
  public DecodeSettings withBits(@Nullable Integer used) {
    return new DecodeSettings(used, maxPixels, maxBytes);
  }

  /** The same with other limits for one picture. */
  public DecodeSettings withLimits(long pixels, long bytes) {
    return new DecodeSettings(bits, pixels, bytes);
  }

  /** Which sample is white in a file of this depth. */
  int white(int depth) {
    return (1 << (bits == null ? depth : Math.min(depth, bits))) - 1;
  }

  void check(ImageHeader header) throws BadImageException {
    long pixels = header.pixels();
    if (pixels > maxPixels) {
      throw new BadImageException(
          "is %d×%d pixels, %d in all (expected: at most %d)"
              .formatted(header.width(), header.height(), pixels, maxPixels));
    }
    if (pixels * BYTES_PER_PIXEL > maxBytes) {
      throw new BadImageException(
          "is %d×%d pixels, which take %d MiB to decode (expected: at most %d MiB)"
              .formatted(
                  header.width(),
                  header.height(),
                  (pixels * BYTES_PER_PIXEL) >> 20,
                  maxBytes >> 20));
    }
  }
}
