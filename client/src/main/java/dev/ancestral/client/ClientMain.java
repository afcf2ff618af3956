package dev.ancestral.client;

import dev.ancestral.cli.Cli;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;

/** The client's commands. */
@Command(
    name = "ancestral",
    description = "Draws samples from a server.",
    mixinStandardHelpOptions = true,
    subcommands = SampleCommand.class)
public final class ClientMain {
  /** Held here, since the log manager alone would forget its level. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private ClientMain() {}

  /** Runs a command and exits with its code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  static int run(String... args) {
    // What goes wrong is said once, by us, in one line.
    GRPC.setLevel(Level.OFF);
    return Cli.run(new ClientMain(), args);
  }
}
