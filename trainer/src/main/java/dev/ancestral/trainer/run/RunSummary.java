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
 */
record RunSummary(RunDirectory directory, RunLength length, int iterations, Duration spent) {
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
  }

  private double recent(Metrics.Column column) throws IOException {
    return Metrics.recent(Metrics.read(directory.metrics(), column), RECENT);
  }
}
