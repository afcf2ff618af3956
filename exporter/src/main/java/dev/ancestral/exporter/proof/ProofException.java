package dev.ancestral.exporter.proof;

/** The exported network is not the trained one, or does not run; the message says which case. */
public final class ProofException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What was compared, and by how much it failed. */
  public ProofException(String message) {
    super(message);
  }

  /** As above, with what the runtime said. */
  public ProofException(String message, Throwable cause) {
    super(message, cause);
  }
}
