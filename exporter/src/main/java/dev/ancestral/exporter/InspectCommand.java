package dev.ancestral.exporter;

import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.run.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code inspect}: what is this? */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description =
        "Prints what a bundle, an ONNX file or a run is: shapes, noise schedule, prediction type,"
            + " where it comes from, operators, size, and the proof of equality.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls call().
final class InspectCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "BUNDLE|MODEL.onnx|RUN",
      description = "A bundle's directory, an ONNX file, or a run's directory.")
  private Path path;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    out.println(inspect());
    out.flush();
    return 0;
  }

  private Text inspect() throws IOException {
    if (Files.isRegularFile(path)) {
      return Inspection.ofModel(path);
    }
    if (BundleFormat.isBundle(path)) {
      return Inspection.ofBundle(path);
    }
    if (RunDirectory.exists(path)) {
      PrintWriter err = spec.commandLine().getErr();
      return Inspection.ofRun(path, notice -> err.println("warning: " + Printable.line(notice)));
    }
    throw new UserError(
        "%s: %s (expected: a bundle's directory, an ONNX file or a run's directory)"
            .formatted(path, Files.exists(path) ? "is none of these" : "does not exist"));
  }
}
