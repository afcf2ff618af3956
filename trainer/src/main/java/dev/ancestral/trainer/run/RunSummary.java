package dev.ancestral.trainer.run;

import dev.ancestral.trainer.config.RunLength;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a training says of itself after its last iteration.
 *
 * @param directory with its metrics
 * @param length what it was to be
 * @param iterations done
 * @param spent on all of them
 * @param skipped of them
 */
record RunSummary(
    RunDirectory directory, RunLength length, int iterations, Duration spent, int skipped) {
  /** Of how many iterations losses are means, at most. */
  private static final int RECENT = 100;

  private static final List<Metrics.Column> QUARTERS =
      List.of(
          Metrics.Column.LOSS_Q1,
          Metrics.Column.LOSS_Q2,
          Metrics.Column.LOSS_Q3,
          Metrics.Column.LOSS_Q4);

  void print(PrintStream out) throws IOException {
    out.printf(
        "ended     after %s, %s of training: %s%n",
        length.extent(iterations), RunLength.clock(spent), length.endedBy(iterations));
    StringBuilder quarters = new StringBuilder();
    for (Metrics.Column quarter : QUARTERS) {
      double mean = recent(quarter);
      quarters.append(Double.isNaN(mean) ? " -" : String.format(Locale.ROOT, " %.5f", mean));
    }
    out.printf(
        Locale.ROOT,
        "loss      %.5f; by quarter of the timesteps, least noise first:%s (means of the last %d"
            + " iterations)%n",
        recent(Metrics.Column.LOSS),
        quarters,
        Math.min(RECENT, iterations));
    printBest(out);
    if (skipped > 0) {
      out.printf("skipped   %d batches without a finite loss and gradient%n", skipped);
    }
  }

  private void printBest(PrintStream out) throws IOException {
    List<Double> measured = Metrics.read(directory.metrics(), Metrics.Column.HELD_OUT_LOSS);
    double least = Double.POSITIVE_INFINITY;
    int best = 0;
    for (int i = 0; i < measured.size(); i++) {
      // Of equal ones the later, as checkpoints have it.
      if (measured.get(i) <= least) {
        least = measured.get(i);
        best = i + 1;
      }
    }
    if (best > 0) {
      out.printf(
          Locale.ROOT,
          "best      the averaged weights of iteration %d: loss %.5f on what training never draws; export --checkpoint best takes them%n",
          best,
          least);
    }
  }

  private double recent(Metrics.Column column) throws IOException {
    return Metrics.recent(Metrics.read(directory.metrics(), column), RECENT);
  }
}
