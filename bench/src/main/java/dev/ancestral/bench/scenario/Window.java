package dev.ancestral.bench.scenario;

import java.time.Duration;

/**
 * How long a closed loop runs.
 *
 * @param warmUp before it is measured
 * @param measured after that
 */
public record Window(Duration warmUp, Duration measured) {
  static Window millis(long warmUp, long measured) {
    return new Window(Duration.ofMillis(warmUp), Duration.ofMillis(measured));
  }

  /** From its begin to its end. */
  Duration length() {
    return warmUp.plus(measured);
  }
}
