package dev.ancestral.server.engine;

/** A clock that only goes forward. */
@FunctionalInterface
public interface Ticker {
  /** The system's. */
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since some moment. */
  long nanos();
}
