package dev.ancestral.trainer.run;

import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.loop.IterationReport;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code metrics.csv}: a line for each iteration, in order, none twice. Not thread-safe.
 *
 * @param path of the file
 */
public record MetricsFile(Path path) {
  private static final String HEADER = "iteration,loss,gradient_norm,learning_rate";

  /** Adds lines. */
  public static final class Appender implements AutoCloseable {
    private final Writer writer;

    private Appender(Writer writer) {
      this.writer = writer;
    }

    /** Adds a line; it may stay in memory until {@link #flush}. */
    public void add(IterationReport report) throws IOException {
      writer.write(line(report));
    }

    /** Hands every line to the file system. */
    public void flush() throws IOException {
      writer.flush();
    }

    @Override
    public void close() throws IOException {
      writer.close();
    }
  }

  /** Opens the file to go on after an iteration; lines of later ones are dropped. */
  public Appender appendAfter(int iteration) throws IOException {
    StringBuilder kept = new StringBuilder(HEADER).append('\n');
    for (IterationReport report : read()) {
      if (report.iteration() <= iteration) {
        kept.append(line(report));
      }
    }
    AtomicFile.writeString(path, kept.toString());
    BufferedWriter writer = Files.newBufferedWriter(path, StandardOpenOption.APPEND);
    return new Appender(writer);
  }

  /** All whole lines; none if there is no file. */
  public List<IterationReport> read() throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    List<IterationReport> reports = new ArrayList<>();
    for (String line : Files.readAllLines(path)) {
      String[] fields = line.split(",", -1);
      // A run that was killed may leave half a line at the end.
      if (fields.length == 4 && !line.equals(HEADER) && !fields[3].isEmpty()) {
        reports.add(
            new IterationReport(
                Integer.parseInt(fields[0]),
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3])));
      }
    }
    return reports;
  }

  private static String line(IterationReport report) {
    return String.format(
        Locale.ROOT,
        "%d,%.6g,%.6g,%.6g%n",
        report.iteration(),
        report.loss(),
        report.gradientNorm(),
        report.learningRate());
  }
}
