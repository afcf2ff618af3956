package dev.ancestral.server.check;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.server.check.CheckReport.ChainTime;
import dev.ancestral.server.check.CheckReport.Comparison;
import dev.ancestral.server.check.CheckReport.ModelReport;
import dev.ancestral.server.engine.CostCurve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** The report on disk: {@code report.md} for people and {@code report.json} for programs. */
public final class CheckFiles {
  private static final Gson JSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          // A difference that is no number is a finding, not an error in the report.
          .serializeSpecialFloatingPointValues()
          .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
          .create();

  private CheckFiles() {}

  /** Writes both below the directory, which is made if it is not there; each is whole or absent. */
  public static void write(Path directory, CheckReport report) throws IOException {
    AtomicFile.writeString(directory.resolve("report.md"), markdown(report));
    AtomicFile.writeString(directory.resolve("report.json"), JSON.toJson(report) + "\n");
  }

  static String markdown(CheckReport report) {
    StringBuilder text = new StringBuilder("# Device check\n\n");
    line(text, "- device: %s", report.device());
    line(text, "- compared with: %s", report.reference());
    line(
        text,
        "- %d of %d comparisons are above their tolerance",
        report.failures(),
        report.comparisons());
    report.models().forEach(model -> describe(text, model));
    return text.toString();
  }

  private static void describe(StringBuilder text, ModelReport model) {
    line(text, "%n## %s%n%nSamples of shape %s.", model.name(), model.shape());
    line(text, "%n### The same numbers%n");
    line(text, "| compared | largest difference | tolerance | |");
    line(text, "|---|--:|--:|---|");
    for (Comparison comparison : model.comparisons()) {
      line(
          text,
          "| %s | %.2e | %.2e | %s |",
          comparison.what(),
          comparison.maxDifference(),
          comparison.tolerance(),
          comparison.passed() ? "passed" : "FAILED");
    }
    line(text, "%n### A call of the network%n");
    line(text, "A row's bits in any batch: %s.%n", model.batchInvariance());
    line(text, "| rows | ms | rows a second |");
    line(text, "|--:|--:|--:|");
    for (CostCurve.Point point : model.curve()) {
      line(
          text,
          "| %d | %.3f | %.0f |",
          point.rows(),
          point.millis(),
          1000 * point.rows() / point.millis());
    }
    line(text, "%n### Single steps against several in a call%n");
    if (model.chains().isEmpty()) {
      line(text, "The model's default chain takes single steps alone.");
      return;
    }
    line(
        text,
        "| rows | steps a call | ms a step, single | ms a step, in the call | times as fast | rows and steps a second |");
    line(text, "|--:|--:|--:|--:|--:|--:|");
    for (ChainTime time : model.chains()) {
      line(
          text,
          "| %d | %d | %.3f | %.3f | %.2f | %.0f |",
          time.rows(),
          time.steps(),
          time.singleMillis(),
          time.chainMillis(),
          time.speedUp(),
          time.rowStepsPerSecond());
    }
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values).replace("\r\n", "\n")).append('\n');
  }
}
