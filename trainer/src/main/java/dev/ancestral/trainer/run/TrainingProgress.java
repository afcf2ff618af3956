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

  /** Less of an iteration goes without saying. */
  private static final double MUCH_WAITING = 0.1;

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
  private double waiting;
  private int iterations;
  private double share;

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
    iterations++;
    // The first has to wait, since nothing was prepared before it.
    waiting += report.iteration() == first + 1 ? 0 : report.waiting();
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
    if (ended) {
      share = waiting / iterations;
    }
    double seconds = (now - startedAt) / 1e9;
    int done = report.iteration() - first;
    double rate = (double) done * length.samplesPerUpdate() / seconds;
    if (bar != null) {
      bar.stepTo(report.iteration());
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f, %s", mean, speed(rate, share)));
    } else if (ended) {
      out.printf(
          Locale.ROOT,
          "iteration %d%s: loss %.4f, %s, %s left%n",
          report.iteration(),
          length.iterations() == null ? "" : " of " + length.iterations(),
          mean,
          speed(rate, share),
          RunLength.clock(left(report.iteration(), seconds)));
    }
    if (ended) {
      stretchStartedAt = now;
      sum = 0;
      count = 0;
      waiting = 0;
      iterations = 0;
    }
  }

  /** Images a second, and why they are no more where that is the data. */
  static String speed(double rate, double waiting) {
    return waiting < MUCH_WAITING
        ? String.format(Locale.ROOT, "%.0f images/s", rate)
        : String.format(
            Locale.ROOT,
            "%.0f images/s (%.0f %% of the time waiting for data; data.workers prepares more at once)",
            rate,
            100 * waiting);
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
