package dev.ancestral.client;

import dev.ancestral.cli.Terminal;
import dev.ancestral.v1.Progress;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Steps done: a bar in a terminal, else a line for each tenth. */
final class SampleProgress implements AutoCloseable {
  private static final int LINES = 10;

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private long printed;

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
    if (bar != null) {
      bar.maxHint(total).stepTo(done);
      return;
    }
    long tenth = total == 0 ? LINES : LINES * done / total;
    if (tenth > printed) {
      printed = tenth;
      out.printf("sampling: %d of %d steps%n", done, total);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
