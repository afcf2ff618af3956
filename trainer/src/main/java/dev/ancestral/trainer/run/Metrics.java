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
  enum Column {
    ITERATION(report -> Integer.toString(report.iteration())),
    LOSS(report -> number(report.loss())),
    GRADIENT_NORM(report -> number(report.gradientNorm())),
    LEARNING_RATE(report -> number(report.learningRate())),
    /** Of the rows in the first quarter of the timesteps, where there is least noise. */
    LOSS_Q1(report -> number(report.lossByQuarter()[0])),
    LOSS_Q2(report -> number(report.lossByQuarter()[1])),
    LOSS_Q3(report -> number(report.lossByQuarter()[2])),
    LOSS_Q4(report -> number(report.lossByQuarter()[3])),
    /** Of the averaged weights, where there is a checkpoint. */
    HELD_OUT_LOSS(report -> number(report.heldOutLoss())),
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
      return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.7g", value);
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

  /**
   * A column so far, from the first iteration on, NaN where nothing was measured; empty if there is
   * no file.
   */
  static List<Double> read(Path file, Column column) throws IOException {
    return rows(file).stream()
        .map(row -> row.getOrDefault(column.label(), ""))
        .map(field -> field.isEmpty() ? Double.NaN : Double.valueOf(field))
        .toList();
  }

  /** The mean of the last numbers that were measured and are finite; NaN if none is. */
  static double recent(List<Double> numbers, int count) {
    return numbers.subList(Math.max(0, numbers.size() - count), numbers.size()).stream()
        .mapToDouble(Double::doubleValue)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }
}
