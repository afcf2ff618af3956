package dev.ancestral.trainer.run;

import dev.ancestral.cli.Terminal;
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
  private final int iterations;
  private final int samples;
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
   * @param iterations of the whole run
   * @param samples of one iteration
   * @param printEvery iterations of a stretch; null for ten seconds
   */
  TrainingProgress(
      PrintStream out, int first, int iterations, int samples, @Nullable Integer printEvery) {
    this.out = out;
    this.first = first;
    this.iterations = iterations;
    this.samples = samples;
    this.printEvery = printEvery;
    this.bar =
        Terminal.isAttached()
            ? new ProgressBarBuilder()
                .setTaskName("training")
                .setInitialMax(iterations)
                .startsFrom(first, Duration.ZERO)
                .setStyle(ProgressBarStyle.ASCII)
                .build()
            : null;
  }

  void show(IterationReport report) {
    sum += report.loss();
    count++;
    long now = System.nanoTime();
    boolean ended =
        report.iteration() == iterations
            || (printEvery == null
                ? now - stretchStartedAt >= STRETCH.toNanos()
                : report.iteration() % printEvery == 0);
    if (ended || Double.isNaN(mean)) {
      mean = sum / count;
    }
    double seconds = (now - startedAt) / 1e9;
    int done = report.iteration() - first;
    double rate = done * samples / seconds;
    if (bar != null) {
      bar.stepTo(report.iteration());
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f, %.0f images/s", mean, rate));
    } else if (ended) {
      long left = Math.round(seconds / done * (iterations - report.iteration()));
      out.printf(
          Locale.ROOT,
          "iteration %d of %d: loss %.4f, %.0f images/s, %d:%02d left%n",
          report.iteration(),
          iterations,
          mean,
          rate,
          left / 60,
          left % 60);
    }
    if (ended) {
      stretchStartedAt = now;
      sum = 0;
      count = 0;
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
