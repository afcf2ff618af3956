package dev.ancestral.client;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** From a gRPC status and its google.rpc details to one line for people. */
final class StatusMessages {
  /** What gRPC says on either side, before anybody has read the message. */
  private static final Pattern TOO_LARGE = Pattern.compile("exceeds maximum size (\\d+): (\\d+)");

  private StatusMessages() {}

  /**
   * The exception to throw instead.
   *
   * @param target where the call went
   */
  static ClientException translate(StatusRuntimeException e, String target) {
    com.google.rpc.Status status = StatusProto.fromThrowable(e);
    Duration retryAfter =
        detail(status, RetryInfo.class)
            .map(RetryInfo::getRetryDelay)
            .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()))
            .orElse(null);
    String message =
        detail(status, BadRequest.class)
            .filter(request -> request.getFieldViolationsCount() > 0)
            .map(StatusMessages::fields)
            .or(() -> detail(status, ResourceInfo.class).map(info -> resource(info, e.getStatus())))
            // What it says is made for people, and needs no code before it.
            .or(() -> detail(status, ErrorInfo.class).map(info -> e.getStatus().getDescription()))
            .orElseGet(() -> plain(e.getStatus(), target));
    if (retryAfter != null) {
      message += " (try again in %.1f s)".formatted(retryAfter.toMillis() / 1e3);
    }
    return new ClientException(e.getStatus().getCode(), message, retryAfter, e);
  }

  private static String fields(BadRequest request) {
    return request.getFieldViolationsList().stream()
        .map(violation -> named(violation.getField(), violation.getDescription()))
        .collect(Collectors.joining("; "));
  }

  /** What the server says about it, which names it, or else what is known from the details. */
  private static String resource(ResourceInfo info, Status status) {
    String description = status.getDescription();
    return description != null && description.contains(info.getResourceName())
        ? description
        : named(
            "%s '%s'".formatted(info.getResourceType(), info.getResourceName()).strip(),
            info.getDescription().isEmpty() ? "not found" : info.getDescription());
  }

  /** Puts the name before the description, unless it is there already. */
  private static String named(String name, String description) {
    return description.startsWith(name) ? description : name + ": " + description;
  }

  private static String plain(Status status, String target) {
    String description = status.getDescription();
    Throwable cause = status.getCause();
    if (status.getCode() == Status.Code.UNAVAILABLE && cause != null) {
      // A status with a cause was made here, not by the server.
      return "%s: no server answers (%s); is one running there? (expected: ancestral serve)"
          .formatted(target, reason(description, cause));
    }
    if (status.getCode() == Status.Code.DEADLINE_EXCEEDED) {
      return target + ": the deadline passed (expected: the answer before it)";
    }
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED && description != null) {
      Matcher size = TOO_LARGE.matcher(description);
      if (size.find()) {
        return "%s: a message of %s bytes is over the limit (expected: at most %s; fewer samples, or smaller initial noise)"
            .formatted(target, size.group(2), size.group(1));
      }
    }
    return description == null
        ? "%s: %s".formatted(target, status.getCode())
        : "%s: %s: %s".formatted(target, status.getCode(), description);
  }

  private static String reason(@Nullable String description, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    if (message == null) {
      return description == null ? root.toString() : description;
    }
    // Netty puts the system call before the reason: "finishConnect(..) failed: Connection refused".
    return message.substring(message.lastIndexOf(": ") + 1).strip();
  }

  private static <T extends Message> Optional<T> detail(
      com.google.rpc.@Nullable Status status, Class<T> type) {
    if (status == null) {
      return Optional.empty();
    }
    for (Any any : status.getDetailsList()) {
      if (any.is(type)) {
        try {
          return Optional.of(any.unpack(type));
        } catch (InvalidProtocolBufferException e) {
          // A detail that cannot be read says nothing; the status itself still does.
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
