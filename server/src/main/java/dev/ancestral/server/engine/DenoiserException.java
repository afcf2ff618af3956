package dev.ancestral.server.engine;

/** The runtime failed to run the network; every request of that call fails. */
public final class DenoiserException extends EngineException {
  private static final long serialVersionUID = 1L;

  /** Says what the runtime said. */
  public DenoiserException(String message, Throwable cause) {
    super(message, cause);
  }
}
