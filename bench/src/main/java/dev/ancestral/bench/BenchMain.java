package dev.ancestral.bench;

import dev.ancestral.cli.Cli;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;

/** The benchmark's command line. */
@Command(
    name = "ancestral",
    description = "Measures the server.",
    mixinStandardHelpOptions = true,
    subcommands = BenchCommand.class)
public final class BenchMain {
  /** Held here, since the log manager alone would forget its level. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private BenchMain() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    GRPC.setLevel(Level.OFF);
    return Cli.run(new BenchMain(), args);
  }
}
