package dev.ancestral.trainer.plot;

import picocli.CommandLine.Command;

/** {@code plot}: pictures of a run's forward process, reverse chain and score. */
@Command(
    name = "plot",
    mixinStandardHelpOptions = true,
    description = "Draws what a run does to data and noise.",
    subcommands = {ForwardCommand.class, ReverseCommand.class, ScoreCommand.class})
public final class PlotCommand {}
