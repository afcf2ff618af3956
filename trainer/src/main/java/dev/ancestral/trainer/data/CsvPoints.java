package dev.ancestral.trainer.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Points from a text file: one a line, numbers separated by commas, semicolons or white space; a
 * first line that is not numbers is a heading, and empty lines count for nothing.
 */
final class CsvPoints {
  static final String PREFIX = "csv:";

  private CsvPoints() {}

  static Dataset open(Path file, DataOptions options) throws IOException {
    String source = PREFIX + file;
    options.requireNoImageOptions(source);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + ": no such file (expected: points, one a line)");
    }
    List<float[]> points = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (!line.isBlank()) {
          float[] point = parse(line.strip());
          if (point != null) {
            check(file, number, point, points);
            points.add(point);
          } else if (number > 1) {
            throw new IllegalArgumentException(
                "%s:%d: '%s' (expected: numbers separated by commas)"
                    .formatted(file, number, line.strip()));
          }
        }
      }
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(file + ": is not text (expected: points, one a line)", e);
    }
    if (points.isEmpty()) {
      throw new IllegalArgumentException(file + ": holds no point (expected: at least 1)");
    }
    return new PointDataset(source, points);
  }

  private static void check(Path file, int line, float[] point, List<float[]> before) {
    if (!before.isEmpty() && before.get(0).length != point.length) {
      throw new IllegalArgumentException(
          "%s:%d: %d numbers (expected: %d, as in the first point)"
              .formatted(file, line, point.length, before.get(0).length));
    }
    for (float value : point) {
      if (!Float.isFinite(value)) {
        throw new IllegalArgumentException(
            "%s:%d: %s (expected: finite numbers)".formatted(file, line, value));
      }
    }
  }

  /** Null if some field is not a number. */
  private static float @Nullable [] parse(String line) {
    String[] fields = line.split("\\s*[,;]\\s*|\\s+", -1);
    float[] point = new float[fields.length];
    for (int i = 0; i < fields.length; i++) {
      try {
        point[i] = Float.parseFloat(fields[i]);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    return point;
  }
}
