package dev.ancestral.client;

import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A call that failed, in words: the message names the offender and the expectation. */
public final class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Status.Code code;
  private final @Nullable Duration retryAfter;

  ClientException(
      Status.Code code, String message, @Nullable Duration retryAfter, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** The gRPC status, such as {@code NOT_FOUND}. */
  public Status.Code code() {
    return code;
  }

  /** When the server expects to take such a request, if it said so. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
