package dev.ancestral.cli;

/**
 * Text of others made fit to print: names of files and classes, what a bundle or a request says,
 * messages of libraries and servers. Such text can begin no line of its own, change nothing in a
 * terminal, turn no reading direction round, and fill no screen.
 */
public final class Printable {
  /** Most characters of a line: more than anything that people wrote, less than a screen. */
  public static final int LONGEST = 2000;

  private static final int DEEPEST = 20;
  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private Printable() {}

  /** One line of at most {@link #LONGEST} characters; see {@link #line(String, int)}. */
  public static String line(String text) {
    return line(text, LONGEST);
  }

  /**
   * The text in one line. Control characters, line and paragraph separators, and the invisible
   * characters that format or reorder are written as {@code \n}, {@code \t} or the like of {@code
   * \u001b}; a backslash stays what it is.
   *
   * @param most characters; of a longer line the beginning is left, and an ellipsis
   */
  public static String line(String text, int most) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), most));
    int fitting = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (isPlain(point)) {
        line.appendCodePoint(point);
      } else {
        escape(point, line);
      }
      if (line.length() > most) {
        line.setLength(fitting);
        return line.append('…').toString();
      }
      if (line.length() < most) {
        fitting = line.length();
      }
    }
    return line.toString();
  }

  /** Where a failure comes from, and its causes, a line each; none begins with what they say. */
  public static String stackTrace(Throwable failure) {
    StringBuilder trace = new StringBuilder();
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      trace.append(depth == 0 ? "" : "Caused by: ").append(line(cause.toString())).append('\n');
      for (StackTraceElement frame : cause.getStackTrace()) {
        trace.append("\tat ").append(line(frame.toString())).append('\n');
      }
      cause = cause.getCause();
    }
    return trace.toString();
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      // Persian is written with the one, and many a picture of a family with the other.
      case Character.FORMAT -> point == ZERO_WIDTH_NON_JOINER || point == ZERO_WIDTH_JOINER;
      default -> true;
    };
  }

  private static void escape(int point, StringBuilder line) {
    switch (point) {
      case '\n' -> line.append("\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append("\\t");
      default -> {
        for (char unit : Character.toChars(point)) {
          line.append("\\u%04x".formatted((int) unit));
        }
      }
    }
  }
}
