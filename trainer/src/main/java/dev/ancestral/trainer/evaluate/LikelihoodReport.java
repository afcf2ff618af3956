package dev.ancestral.trainer.evaluate;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.cli.Printable;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.likelihood.BoundEvaluation;
import dev.ancestral.trainer.likelihood.Estimate;
import dev.ancestral.trainer.likelihood.EvaluatedSamples;
import dev.ancestral.trainer.likelihood.Likelihood;
import dev.ancestral.trainer.likelihood.NetworkPredictor;
import dev.ancestral.trainer.likelihood.TermsPlot;
import dev.ancestral.trainer.run.Selection;
import dev.ancestral.trainer.run.TrainedNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The likelihood of data by a run's weights, for people.
 *
 * @param run its directory
 * @param selection which of its weights
 * @param data whose likelihood is asked for
 * @param limit how many samples
 * @param seed of their choice and their noise
 */
record LikelihoodReport(Path run, Selection selection, Dataset data, int limit, long seed) {
  /**
   * Measures, draws the plot and answers a table.
   *
   * @param plot the PNG file to write
   */
  String writeAndTell(Path plot) throws IOException {
    try (TrainedNetwork network =
        TrainedNetwork.load(
            run, selection, notice -> System.err.println("warning: " + Printable.line(notice)))) {
      Bundle facts = network.facts();
      network.requireKind(data.description());
      BoundEvaluation evaluation = new BoundEvaluation(facts, new NetworkPredictor(network));
      EvaluatedSamples samples = EvaluatedSamples.draw(data, limit, seed, facts.conditioning());
      Likelihood likelihood = evaluation.measure(samples, seed);
      byte[] png = TermsPlot.png(likelihood);
      AtomicFile.write(plot, stream -> stream.write(png));
      return table(facts, samples, likelihood, evaluation.baseline(samples), plot);
    }
  }

  private static String table(
      Bundle facts, EvaluatedSamples samples, Likelihood likelihood, double baseline, Path plot) {
    boolean continuous = facts.data().levels() == 0;
    String weights = facts.provenance().getOrDefault("weights", "?");
    StringBuilder out = new StringBuilder();
    line(
        out,
        "bound on the negative log-%s of %s, by the averaged weights%s after %s iterations",
        continuous ? "density" : "likelihood",
        samples.description(),
        weights.equals("ema") ? "" : " (%s)".formatted(weights),
        facts.provenance().getOrDefault("iterations", "?"));
    line(out, "  %-24s %12s %16s", "bits per dimension", "mean", "standard error");
    row(out, "prior", likelihood.prior());
    row(out, "divergences, summed", likelihood.divergences());
    row(out, "decoder", likelihood.decoder());
    row(out, "total", likelihood.total());
    if (continuous) {
      line(out, "  %-24s %12.4f", "one normal distribution", baseline);
      double nats = likelihood.total().mean() * Math.log(2);
      line(
          out,
          "total in nats: %.4f per dimension, %.4f per point",
          nats,
          nats * facts.data().elements());
    } else {
      line(
          out, "  %-24s %12.4f", "%d levels, all alike".formatted(facts.data().levels()), baseline);
    }
    line(out, "terms over the timesteps: %s", plot);
    return out.toString();
  }

  private static void row(StringBuilder out, String name, Estimate estimate) {
    line(
        out,
        "  %-24s %12.4f %16s",
        name,
        estimate.mean(),
        Double.isNaN(estimate.standardError())
            ? "-"
            : String.format(Locale.ROOT, "%.4f", estimate.standardError()));
  }

  private static void line(StringBuilder out, String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
