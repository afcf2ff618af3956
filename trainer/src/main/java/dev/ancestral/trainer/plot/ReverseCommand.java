package dev.ancestral.trainer.plot;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.cli.Cli;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.run.TrainedNetwork;
import dev.ancestral.trainer.sample.Chain;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code plot reverse}: the states of the run's own reverse chain at ten times. */
@Command(
    name = "reverse",
    mixinStandardHelpOptions = true,
    description =
        "Draws the reverse chain of the averaged weights, as the run's configuration samples, at ten times.")
@SuppressWarnings("NullAway.Init") // picocli fills the fields in.
final class ReverseCommand implements Callable<Integer> {
  @Mixin private PlotOptions options;

  /** Of one call of the network. */
  private static final int ROWS = 16;

  @Override
  public Integer call() throws IOException {
    try (TrainedNetwork network =
        TrainedNetwork.load(options.run(), WeightsKind.EMA, PlotOptions::warn)) {
      Bundle facts = network.facts();
      ChainPlan plan = network.plan();
      Set<Integer> shown =
          IntStream.of(Times.upTo(plan.length())).boxed().collect(Collectors.toSet());
      StatesSheet sheet = new StatesSheet(facts.data());
      Chain.run(
          network.manager(),
          network::predict,
          plan,
          facts.data(),
          facts.conditioning() != null,
          new Chain.Wanted(labels(facts), facts.guidance(), options.seed()),
          ROWS,
          (done, states) -> {
            if (shown.contains(done)) {
              sheet.add(caption(plan, done), List.of(states));
            }
          });
      options.write("reverse.png", sheet.png());
    }
    return Cli.DONE;
  }

  private static String caption(ChainPlan plan, int step) {
    return step == plan.length() ? "x_0" : "t = %.0f".formatted(plan.steps().get(step).timestep());
  }

  private static long[] labels(Bundle facts) {
    Conditioning conditioning = facts.conditioning();
    long[] labels = new long[PlotOptions.count(facts.data().isImage())];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = conditioning == null ? 0 : i % conditioning.numClasses();
    }
    return labels;
  }
}
