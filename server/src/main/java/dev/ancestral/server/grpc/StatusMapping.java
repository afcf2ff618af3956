package dev.ancestral.server.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import com.google.rpc.ResourceInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.ancestral.cli.Printable;
import dev.ancestral.server.engine.DeadlineException;
import dev.ancestral.server.engine.EngineStoppedException;
import dev.ancestral.server.engine.QueueFullException;
import dev.ancestral.v1.Model;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/**
 * The one table from exceptions to status.
 *
 * <pre>
 * InvalidRequestException       INVALID_ARGUMENT    BadRequest: each field's path
 * ModelNotFoundException        NOT_FOUND           ResourceInfo: the model's name
 * QueueFullException            RESOURCE_EXHAUSTED  RetryInfo: when to try again
 * DeadlineException             DEADLINE_EXCEEDED   ErrorInfo: the time left and needed
 * EngineStoppedException        UNAVAILABLE
 * StoppedReaderException        ABORTED
 * NonFinitePredictionException  INTERNAL
 * anything else                 INTERNAL            its words, or its kind
 * </pre>
 *
 * The exception goes along as the status' cause, which no client sees: for the log.
 */
final class StatusMapping {
  /**
   * Most characters of a message. It travels in trailers, twice, of which clients take 8 KiB by
   * default.
   */
  private static final int LONGEST = 800;

  /** Most characters of one detail, of which there may be ten. */
  private static final int LONGEST_DETAIL = 300;

  private StatusMapping() {}

  static StatusRuntimeException of(RuntimeException e) {
    if (e instanceof InvalidRequestException invalid) {
      BadRequest.Builder details = BadRequest.newBuilder();
      invalid
          .violations()
          .forEach(
              violation ->
                  details
                      .addFieldViolationsBuilder()
                      .setField(Printable.line(violation.field(), LONGEST_DETAIL))
                      .setDescription(Printable.line(violation.problem(), LONGEST_DETAIL)));
      return status(Code.INVALID_ARGUMENT, e, details.build());
    }
    if (e instanceof ModelNotFoundException notFound) {
      return status(
          Code.NOT_FOUND,
          e,
          ResourceInfo.newBuilder()
              .setResourceType(Model.getDescriptor().getFullName())
              .setResourceName(Printable.line(notFound.model(), LONGEST_DETAIL))
              .build());
    }
    if (e instanceof QueueFullException full) {
      Duration delay =
          Duration.newBuilder()
              .setSeconds(full.retryAfter().toSeconds())
              .setNanos(full.retryAfter().toNanosPart())
              .build();
      return status(
          Code.RESOURCE_EXHAUSTED, e, RetryInfo.newBuilder().setRetryDelay(delay).build());
    }
    if (e instanceof DeadlineException deadline) {
      return status(
          Code.DEADLINE_EXCEEDED,
          e,
          ErrorInfo.newBuilder()
              .setReason("DEADLINE_TOO_SHORT")
              .setDomain("ancestral.v1")
              .putMetadata("left_ms", String.valueOf(deadline.left().toMillis()))
              .putMetadata("estimate_ms", String.valueOf(deadline.estimate().toMillis()))
              .build());
    }
    if (e instanceof EngineStoppedException) {
      return status(Code.UNAVAILABLE, e);
    }
    if (e instanceof StoppedReaderException) {
      return status(Code.ABORTED, e);
    }
    return status(Code.INTERNAL, e);
  }

  private static StatusRuntimeException status(Code code, RuntimeException e, Message... details) {
    Status.Builder status =
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(Printable.line(message(e), LONGEST));
    for (Message detail : details) {
      status.addDetails(Any.pack(detail));
    }
    StatusRuntimeException answer = StatusProto.toStatusRuntimeException(status.build());
    return new StatusRuntimeException(answer.getStatus().withCause(e), answer.getTrailers());
  }

  private static String message(RuntimeException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
