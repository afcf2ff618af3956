package dev.ancestral.server.log;

import java.util.Locale;
import java.util.logging.Level;

/** From which importance on events are logged. */
public enum LogLevel {
  /** What is wrong with the server. */
  ERROR,
  /** Also what it could not do for somebody. */
  WARN,
  /** Also the mistakes of clients. */
  INFO,
  /** Also where in the code failures come from, and what gRPC has to say. */
  DEBUG;

  /** From which level of the JDK on our own events pass. */
  Level ours() {
    return switch (this) {
      case ERROR -> Level.SEVERE;
      case WARN -> Level.WARNING;
      case INFO -> Level.INFO;
      case DEBUG -> Level.FINE;
    };
  }

  /** The same for gRPC, which warns, with a stack trace, of each client that leaves early. */
  Level grpcs() {
    return this == DEBUG ? Level.INFO : Level.SEVERE;
  }

  /** How a line calls an event of this level of the JDK. */
  static String label(Level level) {
    for (LogLevel candidate : values()) {
      if (level.intValue() >= candidate.ours().intValue()) {
        return candidate.label();
      }
    }
    return DEBUG.label();
  }

  private String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
