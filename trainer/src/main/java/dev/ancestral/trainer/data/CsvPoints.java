package dev.ancestral.trainer.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Points from a text file, one a line; {@link CsvTable} says what such a file may look like. */
final class CsvPoints {
  static final String PREFIX = "csv:";

  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private CsvPoints() {}

  static Dataset open(Path file, DataOptions options, Opening opening) throws IOException {
    String source = PREFIX + file;
    options.requireNoImageOptions(source);
    options.requireNoArrayOptions(source);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + ": no such file (expected: points, one a line)");
    }
    CsvTable table = CsvTable.read(file.toString(), text(file).lines().toList());
    return StandardizedPoints.of(source, table.rows(), table.remarks(), options, opening);
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
