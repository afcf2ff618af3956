package dev.ancestral.exporter;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of a label and what there is to say, in two columns. */
final class Text {
  private static final int LABEL_WIDTH = 12;

  private final List<String> lines = new ArrayList<>();

  /** Adds a line. */
  Text line(String label, String format, Object... args) {
    lines.add(("%-" + LABEL_WIDTH + "s%s").formatted(label, say(format, args)));
    return this;
  }

  /** Adds a line under the one before. */
  Text more(String format, Object... args) {
    return line("", format, args);
  }

  private static String say(String format, Object... args) {
    return String.format(Locale.ROOT, format, args);
  }

  /** A size for people. */
  static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    return bytes < 1 << 20
        ? say("%.1f KiB", bytes / (double) (1 << 10))
        : say("%.1f MiB", bytes / (double) (1 << 20));
  }

  @Override
  public String toString() {
    return String.join(System.lineSeparator(), lines);
  }
}
