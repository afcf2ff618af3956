package dev.ancestral.trainer.data.image;

import dev.ancestral.cli.Printable;
import java.nio.file.Path;

/** A file that gives no picture: the message is {@code FILE: REASON}, in one line. */
public final class UnreadableImageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String reason;

  UnreadableImageException(Path file, String reason, Throwable cause) {
    super(Printable.line(file + ": " + reason), cause);
    this.reason = Printable.line(reason);
  }

  /** What is wrong with the file, to be said after its name. */
  public String reason() {
    return reason;
  }
}
