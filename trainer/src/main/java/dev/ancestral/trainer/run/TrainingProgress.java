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
 * How training goes: a bar in a terminal, else a line now and then. Both say loss, images a second
 * and time left.
 */
final class TrainingProgress implements AutoCloseable {
  /** Weight of the newest iteration in the loss that is shown. */
  private static final double SMOOTHING = 0.02;

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private final int iterations;
  private final int batch;
  private final int first;
  private final long startedAt = System.nanoTime();
  private long printedAt = startedAt;
  private double loss = Double.NaN;

  /**
   * Starts to watch.
   *
   * @param first iterations done already
   */
  TrainingProgress(PrintStream out, int first, int iterations, int batch) {
    this.out = out;
    this.first = first;
    this.iterations = iterations;
    this.batch = batch;
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
    loss = Double.isNaN(loss) ? report.loss() : loss + SMOOTHING * (report.loss() - loss);
    long now = System.nanoTime();
    double seconds = (now - startedAt) / 1e9;
    int done = report.iteration() - first;
    double rate = done * batch / seconds;
    if (bar != null) {
      bar.stepTo(report.iteration());
      bar.setExtraMessage(String.format(Locale.ROOT, " loss %.4f, %.0f images/s", loss, rate));
    } else if (now - printedAt >= BETWEEN_LINES.toNanos() || report.iteration() == iterations) {
      printedAt = now;
      long left = Math.round(seconds / done * (iterations - report.iteration()));
      out.printf(
          Locale.ROOT,
          "iteration %d of %d: loss %.4f, %.0f images/s, %d:%02d left%n",
          report.iteration(),
          iterations,
          loss,
          rate,
          left / 60,
          left % 60);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
