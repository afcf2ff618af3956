package dev.ancestral.server.engine;

import java.time.Duration;

/** The request's rows do not fit beside those that run and wait; later they may. */
public final class QueueFullException extends EngineException {
  private static final long serialVersionUID = 1L;

  private final Duration retryAfter;

  /** Names the numbers; {@code retryAfter}: see {@link #retryAfter()}. */
  public QueueFullException(int asked, int held, int capacity, Duration retryAfter) {
    super(
        "queue: %d of %d rows are taken, %d more do not fit (expected: at most %d, or a later try)"
            .formatted(held, capacity, asked, capacity - held));
    this.retryAfter = retryAfter;
  }

  /** When the rows should fit, if the network goes on at its pace and nobody else comes. */
  public Duration retryAfter() {
    return retryAfter;
  }
}
