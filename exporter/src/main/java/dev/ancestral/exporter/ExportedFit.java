package dev.ancestral.exporter;

import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.Printable;
import dev.ancestral.exporter.fit.BundleFit;
import dev.ancestral.exporter.fit.FitOptions;
import dev.ancestral.exporter.fit.FitResult;
import dev.ancestral.exporter.fit.RunReference;
import dev.ancestral.trainer.quality.LabelledSamples;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The fit of a bundle that was just exported, where it takes no longer than somebody wants to wait.
 * Whatever keeps it from being fitted is said; the bundle is whole all the same.
 */
final class ExportedFit {
  /** What no shell changes. */
  private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./-]+");

  private final Path run;
  private final Path bundle;
  private final int limitSeconds;
  private final PrintWriter out;
  private final PrintWriter err;

  ExportedFit(Path run, Path bundle, int limitSeconds, CommandLine line) {
    this.run = run;
    this.bundle = bundle;
    this.limitSeconds = limitSeconds;
    this.out = line.getOut();
    this.err = line.getErr();
  }

  void run() {
    try (BundleFit fit = BundleFit.open(bundle, FitOptions.DEFAULTS, data(), err)) {
      if (fit.seconds() > limitSeconds) {
        err.printf(
            "not fitted: %s, more than --fit-limit %d s; this does it:%n  %s fit --bundle %s --run %s%n",
            fit.estimate(FitOptions.DEFAULTS.mostSamples()),
            limitSeconds,
            word(System.getProperty("ancestral.launcher", "ancestral")),
            word(bundle.toString()),
            word(run.toString()));
        err.flush();
        return;
      }
      err.println("fit: " + fit.estimate(FitOptions.SAMPLES));
      err.flush();
      // As many whatever else the machine does, so that the same run exports the same tables.
      FitResult result = fit.run(FitOptions.SAMPLES);
      fit.write(result);
      out.println(result.text());
      out.flush();
    } catch (RuntimeException | IOException | OutOfMemoryError e) {
      tell("the bundle is whole, but was not fitted", e);
    }
  }

  /** The run's data, where they still are. */
  private @Nullable LabelledSamples data() throws IOException {
    try {
      return RunReference.open(
          run, BundleFormat.read(bundle), FitOptions.DEFAULTS.seed(), System.err);
    } catch (RuntimeException | IOException e) {
      tell("samples are compared with the teacher's, not with the run's data", e);
      return null;
    }
  }

  /** As a shell takes it for one word. */
  private static String word(String text) {
    String line = Printable.line(text);
    return PLAIN.matcher(line).matches() ? line : "'" + line.replace("'", "'\\''") + "'";
  }

  private void tell(String what, Throwable e) {
    err.println("warning: %s: %s".formatted(what, Printable.line(String.valueOf(e.getMessage()))));
    err.flush();
  }
}
