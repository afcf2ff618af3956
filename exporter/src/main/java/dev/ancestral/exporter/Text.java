package dev.ancestral.exporter;

import dev.ancestral.cli.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lines of a label and what there is to say, in two columns; what others wrote breaks none. */
final class Text {
  private record Line(String label, String words) {}

  private static final int GAP = 2;

  private final List<Line> lines = new ArrayList<>();

  /** Adds a line. */
  Text line(String label, String format, Object... args) {
    lines.add(new Line(label, Printable.line(say(format, args))));
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
    int width = GAP + lines.stream().mapToInt(line -> line.label().length()).max().orElse(0);
    return lines.stream()
        .map(line -> line.label() + " ".repeat(width - line.label().length()) + line.words())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
