package dev.ancestral.server.engine;

/** Why the engine does not take a request, or does not finish it. */
public abstract sealed class EngineException extends RuntimeException
    permits DeadlineException,
        QueueFullException,
        EngineStoppedException,
        NonFinitePredictionException,
        DenoiserException,
        ListenerException {
  private static final long serialVersionUID = 1L;

  EngineException(String message) {
    super(message);
  }

  EngineException(String message, Throwable cause) {
    super(message, cause);
  }
}
