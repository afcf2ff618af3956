package dev.ancestral.server.engine;

/** The engine drains or has stopped: it takes nothing more. */
public final class EngineStoppedException extends EngineException {
  private static final long serialVersionUID = 1L;

  /** Says what is over. */
  public EngineStoppedException(String message) {
    super(message);
  }
}
