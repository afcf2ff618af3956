package dev.ancestral.trainer.calls;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.calls.CallsTable.Role;
import dev.ancestral.trainer.calls.CallsTable.Row;
import dev.ancestral.trainer.quality.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table on disk, for people and for {@code plot calls}: lines {@code # label: words}, the names
 * of the columns, and a line for each row. What there is not is empty.
 */
final class CallsFile {
  private static final String COLUMNS =
      "role,sampler,calls,samples,distance,distance_low,distance_high,ratio,ratio_low,ratio_high,"
          + "precision,recall,labels,sharpness,to_teacher";
  private static final int CELLS = COLUMNS.split(",").length;

  private final Path file;

  CallsFile(Path file) {
    this.file = file;
  }

  void write(CallsTable table) throws IOException {
    StringBuilder out = new StringBuilder();
    table.words().forEach((label, word) -> out.append("# %s: %s\n".formatted(label, word)));
    out.append(COLUMNS).append('\n');
    for (Row row : table.rows()) {
      Interval ratio = row.ratio();
      out.append(
          String.join(
              ",",
              row.role().name().toLowerCase(Locale.ROOT),
              row.sampler(),
              cell(row.calls()),
              cell(row.samples()),
              cell(row.distance().value()),
              cell(row.distance().low()),
              cell(row.distance().high()),
              cell(ratio == null ? null : ratio.value()),
              cell(ratio == null ? null : ratio.low()),
              cell(ratio == null ? null : ratio.high()),
              cell(row.precision()),
              cell(row.recall()),
              cell(row.labels()),
              cell(row.sharpness()),
              cell(row.toTeacher())));
      out.append('\n');
    }
    AtomicFile.writeString(file, out.toString());
  }

  private static String cell(@Nullable Number value) {
    return value == null ? "" : value.toString();
  }

  /**
   * Reads it back.
   *
   * @throws UserError naming the file, the line and the expectation
   */
  CallsTable read() throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          file + ": no such file (expected: a table that `evaluate --calls` wrote)");
    }
    Map<String, String> words = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    int i = 0;
    for (; i < lines.size() && lines.get(i).startsWith("# "); i++) {
      String[] parts = lines.get(i).substring(2).split(": ", 2);
      if (parts.length < 2) {
        throw bad(i, lines.get(i), "# label: words");
      }
      words.put(parts[0], parts[1]);
    }
    if (i == lines.size() || !lines.get(i).equals(COLUMNS)) {
      throw bad(i, i == lines.size() ? "" : lines.get(i), COLUMNS);
    }
    for (i++; i < lines.size(); i++) {
      rows.add(row(i, lines.get(i)));
    }
    if (!words.containsKey(CallsTable.DISTANCE) || rows.isEmpty()) {
      throw new UserError(
          "%s: holds no %s (expected: a table that `evaluate --calls` wrote)"
              .formatted(file, rows.isEmpty() ? "row" : CallsTable.DISTANCE));
    }
    return new CallsTable(words, rows);
  }

  private Row row(int line, String text) {
    String[] cells = text.split(",", -1);
    if (cells.length != CELLS) {
      throw bad(line, text, CELLS + " cells");
    }
    try {
      Double ratio = number(cells[7]);
      return new Row(
          Role.valueOf(cells[0].toUpperCase(Locale.ROOT)),
          cells[1],
          cells[2].isEmpty() ? null : Integer.valueOf(cells[2]),
          Integer.parseInt(cells[3]),
          interval(cells, 4),
          ratio == null ? null : interval(cells, 7),
          Double.parseDouble(cells[10]),
          Double.parseDouble(cells[11]),
          number(cells[12]),
          number(cells[13]),
          number(cells[14]));
    } catch (IllegalArgumentException e) {
      throw bad(line, text, "a role, a name, and numbers");
    }
  }

  private static Interval interval(String[] cells, int from) {
    return new Interval(
        Double.parseDouble(cells[from]),
        Double.parseDouble(cells[from + 1]),
        Double.parseDouble(cells[from + 2]));
  }

  private static @Nullable Double number(String cell) {
    return cell.isEmpty() ? null : Double.valueOf(cell);
  }

  private UserError bad(int line, String text, String expected) {
    return new UserError(
        "%s: line %d: '%s' (expected: %s)".formatted(file, line + 1, text, expected));
  }
}
