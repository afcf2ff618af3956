package dev.ancestral.server;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.StopSignal;
import picocli.CommandLine.Command;

/** The server's command line. */
@Command(
    name = "ancestral",
    description = "Serves diffusion models over gRPC.",
    mixinStandardHelpOptions = true,
    subcommands = {ServeCommand.class, GpuCheckCommand.class})
public final class ServerMain {
  private ServerMain() {}

  /** Runs it and exits with its code. */
  public static void main(String[] args) {
    StopSignal.endInOrder();
    StopSignal.exit(run(args));
  }

  /** Runs it and returns the exit code. */
  static int run(String... args) {
    return Cli.run(new ServerMain(), args);
  }
}
