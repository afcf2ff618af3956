package dev.ancestral.trainer.plot;

import picocli.CommandLine.Command;

/** {@code plot}: pictures of a run's forward process, reverse chain, score and quality. */
@Command(
    name = "plot",
    mixinStandardHelpOptions = true,
    description = "Draws what a run does to data and noise, and how well with how many calls.",
    subcommands = {
      ForwardCommand.class,
      ReverseCommand.class,
      ScoreCommand.class,
      CallsCommand.class
    })
public final class PlotCommand {}
