package dev.ancestral.server.log;

import dev.ancestral.cli.Printable;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * An event as one line: time (UTC), level, what happened, and the failure behind it in its own
 * words. Whoever's words these are, they make no line of their own.
 */
final class LineFormatter extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final boolean traces;

  /** {@code traces}: whether the line is followed by where in the code a failure comes from. */
  LineFormatter(boolean traces) {
    this.traces = traces;
  }

  @Override
  public String format(LogRecord event) {
    Throwable failure = event.getThrown();
    String words = formatMessage(event);
    // What our code says of a failure has its words in it already.
    String line =
        failure == null || words.contains(String.valueOf(failure.getMessage()))
            ? words
            : words + ": " + failure;
    return "%s %-5s %s%n%s"
        .formatted(
            TIME.format(event.getInstant()),
            LogLevel.label(event.getLevel()),
            Printable.line(line),
            traces && failure != null ? Printable.stackTrace(failure) : "");
  }
}
