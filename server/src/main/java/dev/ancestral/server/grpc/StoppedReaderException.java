package dev.ancestral.server.grpc;

import java.time.Duration;

/** A client that took nothing of what was ready for it, for too long. */
final class StoppedReaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StoppedReaderException(Duration patience) {
    super(
        "stream: its reader took nothing for %1$d s (expected: a message at least every %1$d s)"
            .formatted(patience.toSeconds()));
  }
}
