package dev.ancestral.server.engine;

import java.time.Duration;

/** A request cannot be done in the time it has. */
public final class DeadlineException extends EngineException {
  private static final long serialVersionUID = 1;

  private final Duration left;
  private final Duration estimate;

  DeadlineException(Duration left, Duration estimate) {
    super(
        "deadline: %.2f s left (expected: at least %.2f s, which it would take now)"
            .formatted(left.toMillis() / 1e3, estimate.toMillis() / 1e3));
    this.left = left;
    this.estimate = estimate;
  }

  /** The time it has. */
  public Duration left() {
    return left;
  }

  /** The time it would take, with what is ahead of it. */
  public Duration estimate() {
    return estimate;
  }
}
