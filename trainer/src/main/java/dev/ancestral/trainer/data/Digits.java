package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * 1 797 real handwritten digits, 8×8 gray, with 17 levels (Alpaydin and Kaynak 1998), shipped as a
 * resource; {@code digits-LICENSE.txt} beside it says where they come from.
 *
 * <p>A line of the file is 64 pixels 0..16, row by row, and the label.
 */
final class Digits {
  static final String SOURCE = "builtin:digits";
  private static final String RESOURCE = "digits.csv.gz";
  private static final int SIDE = 8;
  private static final int LEVELS = 17;
  private static final int CLASSES = 10;

  private Digits() {}

  static Dataset open(DataOptions options) {
    options.requireNoFolderOptions(SOURCE);
    options.requireNoPointOptions(SOURCE);
    options.requireNoArrayOptions(SOURCE);
    if (isNot(SIDE, options.height())
        || isNot(SIDE, options.width())
        || isNot(1, options.channels())) {
      throw new IllegalArgumentException(
          "data: %s is 1×%d×%d (expected: no other data.size or data.channels)"
              .formatted(SOURCE, SIDE, SIDE));
    }
    try (InputStream resource =
            Objects.requireNonNull(
                Digits.class.getResourceAsStream(RESOURCE), RESOURCE + " is not shipped");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
      DataOptions.Range range = options.rangeOrSymmetric();
      return new PixelDataset(
          new DataDescription(
              SOURCE,
              new DataSpec(List.of(1L, (long) SIDE, (long) SIDE), range.min(), range.max(), LEVELS),
              IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList()),
          lines.lines().map(Digits::parse).toList(),
          List.of());
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  private static boolean isNot(int fixed, @Nullable Integer wanted) {
    return wanted != null && wanted != fixed;
  }

  private static PixelDataset.Image parse(String line) {
    String[] fields = line.split(",", -1);
    byte[] pixels = new byte[SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Integer.parseInt(fields[i]);
    }
    return new PixelDataset.Image(
        new Planes(1, SIDE, SIDE, pixels), Integer.parseInt(fields[pixels.length]));
  }
}
