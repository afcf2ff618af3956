package dev.ancestral.trainer.data.image;

import java.io.IOException;

/** What is wrong with a file, to be said after its name. */
final class BadImageException extends IOException {
  private static final long serialVersionUID = 1;

  BadImageException(String reason) {
    super(reason);
  }

  BadImageException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
