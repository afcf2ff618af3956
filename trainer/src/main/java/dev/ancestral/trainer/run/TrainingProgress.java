package dev.ancestral.trainer.run;

import dev.ancestral.cli.Terminal;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.loop.IterationReport;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How training goes: a bar in a terminal, else a line now and then. Both say the mean loss of the
 * last stretch of iterations, images a second and time left.
 */
final class TrainingProgress implements AutoCloseable {
  private static final Duration STRETCH = Duration.ofSeconds(10);

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private final @Nullable Integer printEvery;
  private final RunLength length;
  private final Duration before;
  private final int first;
  private final long startedAt = System.nanoTime();
  private long stretchStartedAt = startedAt;
  private double sum;
  private int count;
  private double mean = Double.NaN;

  /**
   * Starts to watch.
   *
   * @param first iterations done already
   * @param before the time that they took
   * @param length of the whole run
   * @param printEvery iterations of a stretch; null for ten seconds
   */
  TrainingProgress(
      PrintStream out, int first, Duration before, RunLength length, @Nullable Integer printEvery) {
    this.out = out;
    this.first = first;
    this.before = before;
    this.length = length;
    this.printEvery = printEvery;
    this.bar =
        Terminal.isAttached()
            ? new ProgressBarBuilder()
                .setTaskName("training")
                .setInitialMax(length.iterations() == null ? -1 : length.iterations())
                .startsFrom(first, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .build()
            : null;
  }

  void show(IterationReport report) {
    if (Double.isFinite(report.loss())) {
      sum += report.loss();
      count++;
    }
    long now = System.nanoTime();
    boolean ended =
        length.isLast(report.iteration())
            || (printEvery == null
                ? now - stretchStartedAt >= STRETCH.toNanos()
                : report.iteration() % printEvery == 0);
    if (ended || Double.isNaN(mean)) {
      mean = sum / count;
    }
    double seconds = (now - startedAt) / 1e9;
    int done = report.iteration() - first;
    double rate = (double) done * length.samplesPerUpdate() / seconds;
    if (bar != null) {
      bar.stepTo(report.iteration());
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f, %.0f images/s", mean, rate));
    } else if (ended) {
      out.printf(
          Locale.ROOT,
          "iteration %d%s: loss %.4f, %.0f images/s, %s left%n",
          report.iteration(),
          length.iterations() == null ? "" : " of " + length.iterations(),
          mean,
          rate,
          RunLength.clock(left(report.iteration(), seconds)));
    }
    if (ended) {
      stretchStartedAt = now;
      sum = 0;
      count = 0;
    }
  }

  /** Until whichever limit will come first. */
  private Duration left(int iteration, double seconds) {
    double least = Double.POSITIVE_INFINITY;
    if (length.iterations() != null) {
      least = seconds / (iteration - first) * (length.iterations() - iteration);
    }
    if (length.time() != null) {
      least = Math.min(least, length.time().minus(before).toMillis() / 1000.0 - seconds);
    }
    return Duration.ofMillis(Math.round(1000 * Math.max(0, least)));
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
