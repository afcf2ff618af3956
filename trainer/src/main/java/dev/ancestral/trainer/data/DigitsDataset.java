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

/**
 * 1 797 real handwritten digits, 8×8 gray, with 17 levels (Alpaydin and Kaynak 1998), shipped as a
 * resource; {@code digits-LICENSE.txt} beside it says where they come from.
 *
 * <p>A line of the file is 64 pixels 0..16, row by row, and the label.
 */
final class DigitsDataset implements Dataset {
  private static final String RESOURCE = "digits.csv.gz";
  private static final int SIDE = 8;
  private static final int PIXELS = SIDE * SIDE;
  private static final int MAX_VALUE = 16;
  private static final DataDescription DESCRIPTION =
      new DataDescription(
          "builtin:digits",
          new DataSpec(List.of(1L, (long) SIDE, (long) SIDE), -1, 1, MAX_VALUE + 1),
          IntStream.range(0, 10).mapToObj(Integer::toString).toList());

  private final List<int[]> rows;

  private DigitsDataset(List<int[]> rows) {
    this.rows = rows;
  }

  static DigitsDataset open() {
    try (InputStream resource =
            Objects.requireNonNull(
                DigitsDataset.class.getResourceAsStream(RESOURCE), RESOURCE + " is not shipped");
        BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(new GZIPInputStream(resource), StandardCharsets.US_ASCII))) {
      return new DigitsDataset(lines.lines().map(DigitsDataset::parse).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  private static int[] parse(String line) {
    int[] row = new int[PIXELS + 1];
    int column = 0;
    int value = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == ',') {
        row[column++] = value;
        value = 0;
      } else {
        value = 10 * value + (c - '0');
      }
    }
    row[column] = value;
    return row;
  }

  @Override
  public DataDescription description() {
    return DESCRIPTION;
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public void sample(int index, float[] out) {
    int[] row = rows.get(index);
    for (int i = 0; i < PIXELS; i++) {
      out[i] = 2f * row[i] / MAX_VALUE - 1;
    }
  }

  @Override
  public int label(int index) {
    return rows.get(index)[PIXELS];
  }
}
