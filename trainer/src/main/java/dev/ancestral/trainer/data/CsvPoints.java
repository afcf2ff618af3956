package dev.ancestral.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Points from a text file, one a line; {@link CsvTable} says what such a file may look like. */
final class CsvPoints {
  static final String PREFIX = "csv:";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private CsvPoints() {}

  static Dataset open(Path file, DataOptions options, Opening opening) throws IOException {
    String source = PREFIX + file;
    options.requireNoImageOptions(source);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + ": no such file (expected: points, one a line)");
    }
    CsvTable table = CsvTable.read(file.toString(), text(file).lines().toList());
    List<String> remarks = new ArrayList<>(table.remarks());
    Standardization own = Standardization.of(table.rows());
    Standardization chosen = chosen(options, opening, own);
    if (chosen != null) {
      remarks.add(
          "warning: data.standardize took these out of the file's numbers: %s. The network learns, and every command and the server draw, what is left: %s"
              .formatted(chosen.words(), chosen.wayBack()));
    } else if (own.isNeeded()) {
      remarks.add(
          "warning: the numbers have %s, far from 0 and 1, which schedules and networks presume: data.standardize=true brings them there"
              .formatted(own.words()));
    }
    List<float[]> points =
        table.rows().stream().map(chosen == null ? CsvPoints::single : chosen::apply).toList();
    return new PointDataset(source, points, chosen, remarks);
  }

  /** As the run has it that goes on, else of these points; null for points as they are. */
  private static @Nullable Standardization chosen(
      DataOptions options, Opening opening, Standardization own) {
    if (options.standardize() == null || !options.standardize()) {
      return null;
    }
    DataDescription recorded = opening.recorded();
    Standardization before = recorded == null ? null : recorded.standardization();
    return before == null || before.mean().size() != own.mean().size() ? own : before;
  }

  private static float[] single(double[] point) {
    float[] numbers = new float[point.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) point[i];
    }
    return numbers;
  }

  private static String text(Path file) throws IOException {
    try {
      String text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
              .toString();
      if (text.indexOf('\0') >= 0) {
        throw new IllegalArgumentException(
            file + ": is not text in UTF-8 (expected: points, one a line)");
      }
      return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + ": is not text in UTF-8 (expected: points, one a line)", e);
    }
  }
}
