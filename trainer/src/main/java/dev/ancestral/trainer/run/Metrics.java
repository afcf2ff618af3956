package dev.ancestral.trainer.run;

import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.loop.IterationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code metrics.csv}: a heading, and a line for each iteration. The columns of a run that an
 * earlier version began are brought to today's; what it did not measure is empty there.
 */
final class Metrics {
  /** What is measured, in the order of the columns. */
  @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
  private enum Column {
    ITERATION(report -> Integer.toString(report.iteration())),
    LOSS(report -> number(report.loss())),
    GRADIENT_NORM(report -> number(report.gradientNorm())),
    LEARNING_RATE(report -> number(report.learningRate())),
    /** The one that another run of the same settings has otherwise. */
    WAITING(report -> String.format(Locale.ROOT, "%.4f", report.waiting()));

    private final Function<IterationReport, String> value;

    Column(Function<IterationReport, String> value) {
      this.value = value;
    }

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static String number(double value) {
      return String.format(Locale.ROOT, "%.7g", value);
    }
  }

  private final Path file;
  private final StringBuilder pending = new StringBuilder();

  private Metrics(Path file) {
    this.file = file;
  }

  /** Opens the file of a run that goes on after this iteration: later lines are cut off. */
  static Metrics after(Path file, int iteration) throws IOException {
    StringBuilder lines = new StringBuilder(line(Column::label));
    for (Map<String, String> row : rows(file)) {
      if (Integer.parseInt(row.getOrDefault(Column.ITERATION.label(), "")) <= iteration) {
        lines.append(line(column -> row.getOrDefault(column.label(), "")));
      }
    }
    AtomicFile.writeString(file, lines.toString());
    return new Metrics(file);
  }

  private static String line(Function<Column, String> value) {
    return Arrays.stream(Column.values()).map(value).collect(Collectors.joining(",")) + "\n";
  }

  /** The lines by their heading; a run that was killed may leave half a line, which is none. */
  private static List<Map<String, String>> rows(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines = Files.readAllLines(file);
    String[] heading = lines.isEmpty() ? new String[0] : lines.get(0).split(",", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      String[] values = line.split(",", -1);
      if (values.length == heading.length && values[0].matches("\\d+")) {
        Map<String, String> row = new TreeMap<>();
        for (int i = 0; i < heading.length; i++) {
          row.put(heading[i], values[i]);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  void add(IterationReport report) {
    pending.append(line(column -> column.value.apply(report)));
  }

  /** Writes what was added since. */
  void flush() throws IOException {
    Files.writeString(file, pending.toString(), StandardOpenOption.APPEND);
    pending.setLength(0);
  }

  /** The losses so far, from the first iteration on; none if there is no file. */
  static List<Double> losses(Path file) throws IOException {
    return rows(file).stream()
        .map(row -> Double.valueOf(row.getOrDefault(Column.LOSS.label(), "")))
        .toList();
  }
}
