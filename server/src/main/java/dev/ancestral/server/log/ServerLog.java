package dev.ancestral.server.log;

import java.io.PrintStream;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * Sends everything that is logged in this process to one place. It is the JDK's own logging, which
 * gRPC and ONNX Runtime write to as well; our code does so by {@link System.Logger}.
 */
public final class ServerLog {
  /** The logger whose lines are asked for by name, whatever the level. */
  public static final String ACCESS = "ancestral.access";

  private static final Logger ROOT = Logger.getLogger("");

  /** Held, since the JDK collects loggers that nobody holds, and their levels with them. */
  private static final List<Logger> LEVELLED =
      List.of(Logger.getLogger("io.grpc"), Logger.getLogger(ACCESS));

  private ServerLog() {}

  /** From now on, lines of this level and above go to {@code out}, and nothing anywhere else. */
  public static void to(PrintStream out, LogLevel level) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    ROOT.setLevel(level.ours());
    LEVELLED.get(0).setLevel(level.grpcs());
    LEVELLED.get(1).setLevel(Level.INFO);
    ROOT.addHandler(new Lines(out, new LineFormatter(level == LogLevel.DEBUG)));
  }

  private static final class Lines extends Handler {
    private final PrintStream out;

    Lines(PrintStream out, LineFormatter formatter) {
      this.out = out;
      setFormatter(formatter);
    }

    @Override
    public void publish(LogRecord event) {
      if (isLoggable(event)) {
        // In one call: a line of another thread cannot come in between.
        out.print(getFormatter().format(event));
        out.flush();
      }
    }

    @Override
    public void flush() {
      out.flush();
    }

    /** Does nothing: standard error outlives the log. */
    @Override
    public void close() {}
  }
}
