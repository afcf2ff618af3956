package dev.ancestral.cli;

/**
 * A failure the user can mend: its message is the one line to print, naming the offender and the
 * expectation.
 */
public final class UserError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The line to print. */
  public UserError(String message) {
    super(message);
  }

  /** The line to print, and what {@code --stacktrace} shows beneath it. */
  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
