package dev.ancestral.exporter;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.StopSignal;
import picocli.CommandLine.Command;

/** The exporter's commands. */
@Command(
    name = "ancestral",
    mixinStandardHelpOptions = true,
    subcommands = {ExportCommand.class, FitCommand.class, InspectCommand.class},
    description =
        "Turns a trained network into an ONNX bundle with a sampler of its own, and says what one is.")
public final class ExporterMain {
  ExporterMain() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    StopSignal.endInOrder();
    StopSignal.exit(run(args));
  }

  /** Runs a command and returns the exit code. */
  static int run(String... args) {
    return Cli.run(new ExporterMain(), args);
  }
}
