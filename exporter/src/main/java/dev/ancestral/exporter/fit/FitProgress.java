package dev.ancestral.exporter.fit;

import dev.ancestral.cli.Terminal;
import java.io.PrintWriter;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** How many of a fit's rows are done: a bar in a terminal, else a line for each tenth. */
final class FitProgress implements AutoCloseable {
  private static final int LINES = 10;

  private final PrintWriter out;
  private @Nullable ProgressBar bar;
  private long total;
  private long done;
  private long printed;
  private long startedAt;
  private String phase = "";

  FitProgress(PrintWriter out) {
    this.out = out;
  }

  /** From now on rows count; before, they are trials. */
  void begin(long rows) {
    total = rows;
    done = 0;
    startedAt = System.nanoTime();
    if (Terminal.isAttached()) {
      bar =
          new ProgressBarBuilder()
              .setTaskName("fitting")
              .setInitialMax(rows)
              .setUnit(" rows", 1)
              .setStyle(ProgressBarStyle.ASCII)
              .build();
    }
  }

  /** So many rows more than was said. */
  void expect(long rows) {
    total += rows;
    if (bar != null) {
      bar.maxHint(total);
    }
  }

  /** What the rows are for from now on, in a few words. */
  void phase(String words) {
    phase = words;
    if (bar != null) {
      bar.setExtraMessage(" " + words);
    }
  }

  /** So many rows more. */
  void did(int rows) {
    if (total == 0) {
      return;
    }
    done += rows;
    if (bar != null) {
      bar.stepTo(Math.min(done, total));
      return;
    }
    long tenth = Math.min(LINES, LINES * done / total);
    if (tenth > printed) {
      printed = tenth;
      double left = (System.nanoTime() - startedAt) / 1e9 / done * Math.max(0, total - done);
      out.printf(Locale.ROOT, "fitting: %d %%, about %.0f s left, %s%n", 10 * tenth, left, phase);
      out.flush();
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
