package dev.ancestral.trainer.data.image;

import dev.ancestral.cli.Printable;
import java.nio.file.Path;

/** A file that gives no picture: the message is {@code FILE: REASON}, in one line. */
public final class UnreadableImageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnreadableImageException(Path file, String reason, Throwable cause) {
    super(Printable.line(file + ": " + reason), cause);
  }
}
