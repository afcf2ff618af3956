package dev.ancestral.client;

import dev.ancestral.cli.Terminal;
import dev.ancestral.v1.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Steps done, and before them the place in the queue: a bar in a terminal, else a line for each
 * tenth.
 */
final class SampleProgress implements AutoCloseable {
  private static final int LINES = 10;

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private long printed;
  private long mostAhead;
  private long printedAhead;

  private SampleProgress(PrintStream out, @Nullable ProgressBar bar) {
    this.out = out;
    this.bar = bar;
  }

  /** On standard error, so that standard output holds the result alone. */
  static SampleProgress ofTerminal() {
    return !Terminal.isAttached()
        ? lines(System.err)
        : new SampleProgress(
            System.err,
            new ProgressBarBuilder()
                .setTaskName("sampling")
                .setUnit(" steps", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .build());
  }

  static SampleProgress lines(PrintStream out) {
    return new SampleProgress(out, null);
  }

  void show(Progress progress) {
    long done = progress.getStepsDone();
    long total = progress.getStepsTotal();
    if (progress.hasQueueRowsAhead()) {
      showWaiting(progress);
      return;
    }
    if (bar != null) {
      bar.setExtraMessage("").maxHint(total).stepTo(done);
      return;
    }
    long tenth = total == 0 ? LINES : LINES * done / total;
    if (tenth > printed) {
      printed = tenth;
      out.printf("sampling: %d of %d steps%n", done, total);
    }
  }

  /** A line at first, then for each tenth of the rows that went. */
  private void showWaiting(Progress progress) {
    long ahead = progress.getQueueRowsAhead();
    String words = waiting(progress);
    if (bar != null) {
      bar.setExtraMessage(" " + words);
    } else if (mostAhead == 0 || LINES * (printedAhead - ahead) >= mostAhead) {
      mostAhead = Math.max(mostAhead, Math.max(ahead, 1));
      printedAhead = ahead;
      out.println(words);
    }
  }

  private static String waiting(Progress progress) {
    String estimate =
        progress.hasEstimatedWaitMs()
            ? ", about %.0f s".formatted(Math.ceil(progress.getEstimatedWaitMs() / 1e3))
            : "";
    return "waiting: %d rows ahead%s".formatted(progress.getQueueRowsAhead(), estimate);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
