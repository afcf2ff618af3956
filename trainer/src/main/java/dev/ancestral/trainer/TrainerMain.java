package dev.ancestral.trainer;

import dev.ancestral.cli.Cli;
import dev.ancestral.cli.StopSignal;
import dev.ancestral.trainer.evaluate.EvaluateCommand;
import dev.ancestral.trainer.plot.PlotCommand;
import picocli.CommandLine.Command;

/** The trainer's command line. */
@Command(
    name = "ancestral",
    description = "Trains diffusion models.",
    mixinStandardHelpOptions = true,
    subcommands = {TrainCommand.class, EvaluateCommand.class, PlotCommand.class})
public final class TrainerMain {
  private TrainerMain() {}

  /** Runs it and exits with its code. */
  public static void main(String[] args) {
    StopSignal.endInOrder();
    StopSignal.exit(run(args));
  }

  /** Runs it and returns the exit code. */
  static int run(String... args) {
    return Cli.run(new TrainerMain(), args);
  }
}
