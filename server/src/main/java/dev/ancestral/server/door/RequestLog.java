package dev.ancestral.server.door;

import com.google.protobuf.Message;
import dev.ancestral.cli.Printable;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.log.ServerLog;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A line for each request that fails, or for each. It listens where gRPC counts its streams: only
 * there every end of a call is heard of, that of a method nobody has and of a message over the
 * limit too. Thread-safe.
 */
final class RequestLog extends ServerStreamTracer.Factory {
  private static final Logger LOG = System.getLogger(RequestLog.class.getName());
  private static final Logger ACCESS = System.getLogger(ServerLog.ACCESS);
  private static final Context.Key<Call> CALL = Context.key("ancestral-call");
  private static final int LONGEST_NAME = 80;

  /**
   * What makes failures repeat one another.
   *
   * @param rpc the method; whatever nobody has is one
   */
  private record Kind(String rpc, Status.Code code) {
    static final Kind HTTP1 = new Kind("HTTP/1", Status.Code.UNIMPLEMENTED);
  }

  private final LoggedRequests logged;
  private final UnaryOperator<String> models;
  private final Ticker ticker;
  private final Repeats<Kind> repeats;

  RequestLog(LoggedRequests logged, UnaryOperator<String> models, Ticker ticker) {
    this.logged = logged;
    this.models = models;
    this.ticker = ticker;
    this.repeats = new Repeats<>(ticker);
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
    return new Call(fullMethodName);
  }

  /** The call that this thread is busy with got this message. */
  static void note(Object message) {
    Call call = CALL.get();
    if (call != null && message instanceof Message request) {
      call.request = request;
    }
  }

  /** Somebody sent a request of HTTP/1, and was told. */
  void refusedHttp1(@Nullable SocketAddress peer) {
    failed(
        Kind.HTTP1,
        Level.INFO,
        "a request of HTTP/1 from %s was refused: this port speaks gRPC".formatted(name(peer)),
        null);
  }

  void tick() {
    repeats.due().forEach(RequestLog::sum);
  }

  void close() {
    repeats.all().forEach(RequestLog::sum);
  }

  private static void sum(Repeats.Sum<Kind> sum) {
    LOG.log(
        level(sum.kind().code()),
        "%s %s: %d more, beside the %d above"
            .formatted(sum.kind().rpc(), sum.kind().code(), sum.hidden(), Repeats.SHOWN));
  }

  private void failed(Kind kind, Level level, String line, @Nullable Throwable cause) {
    tick();
    if (repeats.pass(kind)) {
      if (cause == null) {
        LOG.log(level, line);
      } else {
        LOG.log(level, line, cause);
      }
    }
  }

  /** Whose fault it is decides. */
  private static Level level(Status.Code code) {
    return switch (code) {
      case INTERNAL, UNKNOWN, DATA_LOSS -> Level.ERROR;
      case RESOURCE_EXHAUSTED, UNAVAILABLE, ABORTED, DEADLINE_EXCEEDED -> Level.WARNING;
      case OK,
          CANCELLED,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          UNAUTHENTICATED ->
          Level.INFO;
    };
  }

  private static String name(@Nullable SocketAddress peer) {
    if (peer instanceof InetSocketAddress address && address.getAddress() != null) {
      String host = address.getAddress().getHostAddress();
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
    }
    return peer == null ? "unknown" : peer.toString();
  }

  /** One call. gRPC's threads take turns with it. */
  private final class Call extends ServerStreamTracer {
    private final String method;
    private final long begun = ticker.nanos();
    private volatile boolean known;
    private volatile @Nullable SocketAddress peer;
    private volatile @Nullable Message request;

    Call(String method) {
      this.method = method;
    }

    @Override
    public Context filterContext(Context context) {
      return context.withValue(CALL, this);
    }

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> callInfo) {
      known = true;
      peer = callInfo.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }

    @Override
    public void streamClosed(Status status) {
      if (logged == LoggedRequests.ALL) {
        ACCESS.log(Level.INFO, line(status));
        traced(status);
      } else if (!status.isOk() && status.getCode() != Status.Code.CANCELLED) {
        String rpc = known ? method : "unknown method";
        failed(
            new Kind(rpc, status.getCode()),
            level(status.getCode()),
            line(status),
            status.getCause());
      }
    }

    private void traced(Status status) {
      Throwable cause = status.getCause();
      if (cause != null) {
        LOG.log(Level.DEBUG, "where it comes from", cause);
      }
    }

    private String line(Status status) {
      StringBuilder line = new StringBuilder(Printable.line(method, LONGEST_NAME));
      line.append(' ').append(status.getCode());
      double millis = (ticker.nanos() - begun) / 1e6;
      line.append(String.format(Locale.ROOT, " after %.1f ms, from %s", millis, name(peer)));
      Message message = request;
      if (message != null) {
        String model = model(message);
        line.append(model.isEmpty() ? "" : ", model " + Printable.line(model, LONGEST_NAME));
        String fields = ShortForm.of(message);
        line.append(fields.isEmpty() ? "" : ", request " + fields);
      }
      String description = status.getDescription();
      line.append(description == null ? "" : ": " + description);
      return line.toString();
    }

    private String model(Message message) {
      var field = message.getDescriptorForType().findFieldByName("model");
      return field == null ? "" : models.apply(String.valueOf(message.getField(field)));
    }
  }
}
