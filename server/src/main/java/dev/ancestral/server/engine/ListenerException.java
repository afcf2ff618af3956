package dev.ancestral.server.engine;

/** A listener threw: a defect of the code that sends the response, kept from the other requests. */
public final class ListenerException extends EngineException {
  private static final long serialVersionUID = 1L;

  /** Keeps what it threw. */
  public ListenerException(RuntimeException cause) {
    super("response: " + cause, cause);
  }
}
