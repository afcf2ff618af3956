package dev.ancestral.trainer.calls;

import dev.ancestral.cli.Terminal;
import java.io.PrintStream;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How far the drawing is: a bar in a terminal, else a line for each chain, with the time left. */
final class CallsProgress implements AutoCloseable {
  private final PrintStream out;
  private final long total;
  private final @Nullable ProgressBar bar;
  private final long startedAt = System.nanoTime();
  private long done;

  /**
   * Starts to watch.
   *
   * @param total samples times calls of all chains
   */
  CallsProgress(PrintStream out, long total) {
    this.out = out;
    this.total = total;
    this.bar =
        Terminal.isAttached()
            ? new ProgressBarBuilder()
                .setTaskName("drawing")
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .build()
            : null;
  }

  void add(long more) {
    done += more;
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  void drawn(String chain) {
    if (bar == null) {
      double seconds = (System.nanoTime() - startedAt) / 1e9;
      out.printf("drawn: %s; %s left%n", chain, clock(seconds / done * (total - done)));
    } else {
      bar.setExtraMessage(" " + chain);
    }
  }

  /** Seconds as minutes and seconds. */
  static String clock(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
