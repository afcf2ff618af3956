package dev.ancestral.cli;

/** Whether somebody watches standard error. */
public final class Terminal {
  private static final String PROPERTY = "ancestral.terminal";

  private Terminal() {}

  /**
   * Whether standard error is a terminal, where a line may be drawn over. The launcher says so:
   * Java knows about standard input and output together alone, and since version 22 not even that.
   */
  public static boolean isAttached() {
    return Boolean.getBoolean(PROPERTY);
  }
}
