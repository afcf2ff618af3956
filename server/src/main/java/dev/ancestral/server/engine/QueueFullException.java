package dev.ancestral.server.engine;

/** The request's rows do not fit beside those that run and wait; later they may. */
public final class QueueFullException extends EngineException {
  private static final long serialVersionUID = 1L;

  /** Names the numbers. */
  public QueueFullException(int asked, int held, int capacity) {
    super(
        "queue: %d of %d rows are taken, %d more do not fit (try again later, or ask for fewer samples)"
            .formatted(held, capacity, asked));
  }
}
