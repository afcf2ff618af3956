package dev.ancestral.trainer.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers as tables of different programs write them: separated by semicolons, tabs, commas or
 * spaces, one of them in all lines; with a point, or, between semicolons or tabs, with a decimal
 * comma; with a heading or without; with an index before them, or without.
 *
 * <p>What could be read in two ways is refused: it never becomes other numbers than were meant.
 *
 * @param rows the points, all of one length; at least one
 * @param remarks what was left out and what might be meant otherwise, for people
 */
record CsvTable(List<double[]> rows, List<String> remarks) {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
  private static final Pattern DECIMAL_COMMA =
      Pattern.compile("[+-]?(\\d+,\\d*|,\\d+)([eE][+-]?\\d+)?");
  private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(nan|inf|infinity)");

  /** What is no name, though it may be no number that is understood: {@code 1.234,5}. */
  private static final Pattern LIKE_A_NUMBER =
      Pattern.compile("[+\u2212-]?[.,]?\\d[\\d.,' \u00A0]*");

  /** How pandas calls an index that it read back as a column. */
  private static final String UNNAMED = "unnamed: 0";

  /** So many lines are not numbered by chance. */
  private static final int SUSPICIOUS = 3;

  /** What stands between numbers. */
  private enum Separator {
    SEMICOLON(";", "a semicolon"),
    TAB("\t", "a tab"),
    COMMA(",", "a comma"),
    SPACE("\\s+", "white space");

    private final Pattern pattern;
    private final String words;

    Separator(String pattern, String words) {
      this.pattern = Pattern.compile(pattern);
      this.words = words;
    }

    /** A decimal comma cannot be told from a comma between numbers. */
    boolean leavesCommaFree() {
      return this == SEMICOLON || this == TAB;
    }

    boolean isIn(String line) {
      return pattern.matcher(line).find();
    }

    List<String> fields(String line) {
      return Arrays.stream(pattern.split(line, -1)).map(CsvTable::unquoted).toList();
    }
  }

  private record Line(int number, String text) {}

  /**
   * Reads a table.
   *
   * @param name of the file, for messages
   * @throws IllegalArgumentException naming the line, what stands there and the expectation
   */
  static CsvTable read(String name, List<String> lines) {
    List<Line> filled = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        filled.add(new Line(i + 1, stripped(lines.get(i))));
      }
    }
    if (filled.isEmpty()) {
      throw none(name);
    }
    return new Reader(name, filled).table();
  }

  private static IllegalArgumentException none(String name) {
    return new IllegalArgumentException(name + ": holds no point (expected: at least 1)");
  }

  /** Without white space around it, but for a tab, which is an empty field's end. */
  private static String stripped(String line) {
    return line.indexOf('\t') >= 0 ? line.replaceAll("^ +| +$|\r$", "") : line.strip();
  }

  private static String unquoted(String field) {
    String text = field.strip();
    return text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1).strip()
        : text;
  }

  /** One reading of one file. */
  private static final class Reader {
    private final String name;
    private final List<Line> lines;
    private final Separator separator;
    private final List<String> remarks = new ArrayList<>();
    private boolean points;
    private boolean commas;

    Reader(String name, List<Line> lines) {
      this.name = name;
      this.lines = lines;
      this.separator = separator();
    }

    private Separator separator() {
      for (Separator candidate : Separator.values()) {
        @Nullable Line with = null;
        @Nullable Line without = null;
        for (Line line : lines) {
          if (candidate.isIn(line.text())) {
            with = with == null ? line : with;
          } else {
            without = without == null ? line : without;
          }
        }
        if (with != null && without != null && candidate.leavesCommaFree()) {
          throw wrong(
              with,
              "%s between numbers in all lines or in none; line %d has none"
                  .formatted(candidate.words, without.number()));
        }
        if (with != null) {
          return candidate;
        }
      }
      return Separator.COMMA;
    }

    CsvTable table() {
      List<String> first = separator.fields(lines.get(0).text());
      boolean heading = isHeading(first);
      List<Line> body = heading ? lines.subList(1, lines.size()) : lines;
      if (body.isEmpty()) {
        throw none(name);
      }
      List<double[]> rows = new ArrayList<>();
      for (Line line : body) {
        double[] row = row(line);
        if (!rows.isEmpty() && rows.get(0).length != row.length) {
          throw new IllegalArgumentException(
              "%s:%d: %d numbers (expected: %d, as in the first point)"
                  .formatted(name, line.number(), row.length, rows.get(0).length));
        }
        rows.add(row);
      }
      if (heading) {
        if (first.size() != rows.get(0).length) {
          throw wrong(
              lines.get(0),
              "as many names as there are numbers in a line, %d".formatted(rows.get(0).length));
        }
        if (first.get(0).isEmpty() || first.get(0).toLowerCase(Locale.ROOT).equals(UNNAMED)) {
          return new CsvTable(withoutIndex(rows), List.copyOf(remarks));
        }
      } else {
        suspectNames(rows);
      }
      suspectIndex(rows);
      return new CsvTable(rows, List.copyOf(remarks));
    }

    /** No field is like a number; or the first one is empty, as above an index. */
    private boolean isHeading(List<String> fields) {
      if (fields.get(0).isEmpty() && fields.size() > 1) {
        return true;
      }
      return fields.stream().noneMatch(this::isNumber)
          && fields.stream().noneMatch(field -> LIKE_A_NUMBER.matcher(field).matches())
          && fields.stream().noneMatch(field -> NOT_FINITE.matcher(field).matches());
    }

    private boolean isNumber(String field) {
      return NUMBER.matcher(field).matches()
          || (separator.leavesCommaFree() && DECIMAL_COMMA.matcher(field).matches());
    }

    private double[] row(Line line) {
      List<String> fields = separator.fields(line.text());
      double[] row = new double[fields.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = number(fields.get(i), line);
      }
      return row;
    }

    private double number(String field, Line line) {
      if (NOT_FINITE.matcher(field).matches()) {
        throw notFinite(field, line);
      }
      boolean comma = separator.leavesCommaFree() && DECIMAL_COMMA.matcher(field).matches();
      if (!comma && !NUMBER.matcher(field).matches()) {
        throw wrong(
            line,
            separator.leavesCommaFree()
                ? "numbers, with %s between them".formatted(separator.words)
                : "numbers separated by commas");
      }
      commas |= comma;
      points |= field.indexOf('.') >= 0;
      if (commas && points) {
        throw wrong(line, "a decimal comma or a decimal point, one of them in all numbers");
      }
      double number = Double.parseDouble(comma ? field.replace(',', '.') : field);
      if (!Float.isFinite((float) number)) {
        throw notFinite(field, line);
      }
      return number;
    }

    private IllegalArgumentException notFinite(String field, Line line) {
      return new IllegalArgumentException(
          "%s:%d: %s (expected: finite numbers)".formatted(name, line.number(), field));
    }

    private IllegalArgumentException wrong(Line line, String expected) {
      return new IllegalArgumentException(
          "%s:%d: '%s' (expected: %s)".formatted(name, line.number(), line.text(), expected));
    }

    private List<double[]> withoutIndex(List<double[]> rows) {
      if (!countsLines(rows)) {
        throw wrong(
            lines.get(0),
            "a name for the first column, unless it counts the lines from 0 or 1, or a table without that column");
      }
      double base = rows.get(0)[0];
      remarks.add(
          "%-9s the first column, an index: without a name, from %.0f to %.0f"
              .formatted("left out", base, base + rows.size() - 1));
      return rows.stream().map(row -> Arrays.copyOfRange(row, 1, row.length)).toList();
    }

    private static boolean countsLines(List<double[]> rows) {
      double base = rows.get(0)[0];
      return (base == 0 || base == 1)
          && rows.get(0).length > 1
          && IntStream.range(0, rows.size()).allMatch(i -> rows.get(i)[0] == base + i);
    }

    /** An index that has a name, or stands where nothing has. */
    private void suspectIndex(List<double[]> rows) {
      if (rows.size() >= SUSPICIOUS && countsLines(rows)) {
        remarks.add(
            "warning: the first column counts the lines, and is taken for a coordinate; delete it if it is an index");
      }
    }

    /** Column numbers for names, which look like a point. */
    private void suspectNames(List<double[]> rows) {
      double[] first = rows.get(0);
      boolean counts = IntStream.range(0, first.length).allMatch(i -> first[i] == i);
      boolean fractions =
          rows.stream().skip(1).anyMatch(row -> Arrays.stream(row).anyMatch(x -> x % 1 != 0));
      if (first.length > 1 && counts && fractions) {
        remarks.add(
            "warning: line %d is taken for a point, though it only counts the columns; delete it if it names them"
                .formatted(lines.get(0).number()));
      }
    }
  }
}
