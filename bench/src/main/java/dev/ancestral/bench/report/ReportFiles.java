package dev.ancestral.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.ancestral.files.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/** The report on disk: {@code report.md}, {@code report.json} and a PNG for each plot. */
public final class ReportFiles {
  private static final Gson JSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  private ReportFiles() {}

  /** Writes them below the directory; each file is whole or absent. */
  public static void write(Path directory, Report report) throws IOException {
    AtomicFile.writeString(directory.resolve("report.md"), Markdown.of(report));
    AtomicFile.writeString(directory.resolve("report.json"), JSON.toJson(report) + "\n");
    for (Plot plot : report.plots()) {
      byte[] png = Drawing.png(plot);
      AtomicFile.write(directory.resolve(plot.name() + ".png"), out -> out.write(png));
    }
  }
}
