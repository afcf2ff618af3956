package dev.ancestral.exporter.trace;

/** A network that cannot be traced; the message names the operation and the block. */
public final class TraceException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** What, where, and what to do. */
  public TraceException(String message) {
    super(message);
  }
}
