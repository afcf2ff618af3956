package dev.ancestral.trainer.run;

import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.loop.IterationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code metrics.csv}: a line for each iteration; what was measured, not how long it took. */
final class Metrics {
  private static final String WHOLE_LINE = "\\d+,[^,]+,[^,]+,[^,]+";
  private static final String HEADING = "iteration,loss,gradient_norm,learning_rate";

  private final Path file;
  private final StringBuilder pending = new StringBuilder();

  private Metrics(Path file) {
    this.file = file;
  }

  /** Opens the file of a run that goes on after this iteration: later lines are cut off. */
  static Metrics after(Path file, int iteration) throws IOException {
    List<String> lines = new ArrayList<>(List.of(HEADING));
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file).stream().skip(1).toList()) {
        // A run that was killed may leave half a line, after what its checkpoint knows.
        if (line.matches(WHOLE_LINE) && iterationOf(line) <= iteration) {
          lines.add(line);
        }
      }
    }
    AtomicFile.writeString(file, String.join("\n", lines) + "\n");
    return new Metrics(file);
  }

  private static int iterationOf(String line) {
    return Integer.parseInt(line.substring(0, line.indexOf(',')));
  }

  void add(IterationReport report) {
    pending.append(
        String.format(
            Locale.ROOT,
            "%d,%.7g,%.7g,%.7g%n",
            report.iteration(),
            report.loss(),
            report.gradientNorm(),
            report.learningRate()));
  }

  /** Writes what was added since. */
  void flush() throws IOException {
    Files.writeString(file, pending.toString(), StandardOpenOption.APPEND);
    pending.setLength(0);
  }

  /** The losses so far, from the first iteration on; none if there is no file. */
  static List<Double> losses(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file).stream()
        .filter(line -> line.matches(WHOLE_LINE))
        .map(line -> Double.valueOf(line.split(",", -1)[1]))
        .toList();
  }
}
