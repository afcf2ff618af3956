package dev.ancestral.bundle;

/** A bundle that cannot be used: the message names the file, the field and the expectation. */
public final class BundleException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /** The message is {@code file: problem}. */
  public BundleException(String file, String problem) {
    super(file + ": " + problem);
  }
}
