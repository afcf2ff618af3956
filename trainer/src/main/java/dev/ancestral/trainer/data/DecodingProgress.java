package dev.ancestral.trainer.data;

import dev.ancestral.cli.Terminal;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * How far the reading of many files is: a bar in a terminal, else a line now and then; nothing for
 * what is over at once. Any thread may step.
 */
final class DecodingProgress implements AutoCloseable {
  private static final Duration AT_ONCE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

  private final String doing;
  private final PrintStream out;
  private final int total;
  private final LongSupplier nanoTime;
  private final boolean terminal;
  private final long startedAt;
  private int done;
  private long saidAt;
  private @Nullable ProgressBar bar;

  /**
   * Starts to watch.
   *
   * @param doing what is done with the files, in a word
   * @param total how many there are
   */
  DecodingProgress(String doing, PrintStream out, int total) {
    this(doing, out, total, System::nanoTime, Terminal.isAttached());
  }

  DecodingProgress(
      String doing, PrintStream out, int total, LongSupplier nanoTime, boolean terminal) {
    this.doing = doing;
    this.out = out;
    this.total = total;
    this.nanoTime = nanoTime;
    this.terminal = terminal;
    this.startedAt = nanoTime.getAsLong();
    this.saidAt = startedAt;
  }

  /** One file more is done. */
  synchronized void step() {
    done++;
    long now = nanoTime.getAsLong();
    if (now - startedAt < AT_ONCE.toNanos()) {
      return;
    }
    if (terminal) {
      if (bar == null) {
        bar =
            new ProgressBarBuilder()
                .setTaskName(doing)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .build();
      }
      bar.stepTo(done);
    } else if (saidAt == startedAt || now - saidAt >= BETWEEN_LINES.toNanos()) {
      saidAt = now;
      out.printf("%-9s %d of %d images%n", doing, done, total);
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
