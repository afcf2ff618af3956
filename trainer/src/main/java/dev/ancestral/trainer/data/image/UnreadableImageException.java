package dev.ancestral.trainer.data.image;

import java.nio.file.Path;

/** A file that gives no picture: the message is {@code FILE: REASON}, in one line. */
public final class UnreadableImageException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  UnreadableImageException(Path file, String reason, Throwable cause) {
    super((file + ": " + reason).replaceAll("\\p{Cntrl}", "?"), cause);
  }
}
