package dev.ancestral.server.door;

import dev.ancestral.server.door.MessageGuard.Incoming;
import io.grpc.Attributes;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A call as its method sees it, with messages only. Once the guard has closed it, what the method
 * still sends goes nowhere. A method that throws ends its call with {@code INTERNAL}. Thread-safe
 * as far as calls are: one thread sends at a time, and closing may come from another.
 */
final class GuardedCall<A, B> extends ServerCall<A, B> {
  private final ServerCall<Incoming<A>, B> call;
  private final MethodDescriptor<A, B> descriptor;
  private boolean closed;

  private GuardedCall(ServerCall<Incoming<A>, B> call, MethodDescriptor<A, B> descriptor) {
    this.call = call;
    this.descriptor = descriptor;
  }

  /** Starts the method. */
  static <A, B> Listener<Incoming<A>> start(
      ServerCall<Incoming<A>, B> call, Metadata headers, ServerMethodDefinition<A, B> method) {
    GuardedCall<A, B> guarded = new GuardedCall<>(call, method.getMethodDescriptor());
    try {
      return guarded.new Ears(method.getServerCallHandler().startCall(guarded, headers));
    } catch (RuntimeException e) {
      guarded.fail(e);
      return new Listener<>() {};
    }
  }

  private void fail(RuntimeException e) {
    close(
        Status.INTERNAL
            .withDescription(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
            .withCause(e),
        new Metadata());
  }

  @Override
  public synchronized void close(Status status, Metadata trailers) {
    if (!closed) {
      closed = true;
      call.close(status, trailers);
    }
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!closed) {
      call.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(B message) {
    if (!closed) {
      call.sendMessage(message);
    }
  }

  @Override
  public void request(int numMessages) {
    call.request(numMessages);
  }

  @Override
  public boolean isCancelled() {
    return call.isCancelled();
  }

  @Override
  public boolean isReady() {
    return call.isReady();
  }

  @Override
  public MethodDescriptor<A, B> getMethodDescriptor() {
    return descriptor;
  }

  @Override
  public SecurityLevel getSecurityLevel() {
    return call.getSecurityLevel();
  }

  @Override
  public Attributes getAttributes() {
    return call.getAttributes();
  }

  @Override
  public @Nullable String getAuthority() {
    return call.getAuthority();
  }

  @Override
  public void setCompression(String compressor) {
    call.setCompression(compressor);
  }

  @Override
  public void setMessageCompression(boolean enabled) {
    call.setMessageCompression(enabled);
  }

  @Override
  public void setOnReadyThreshold(int numBytes) {
    call.setOnReadyThreshold(numBytes);
  }

  /** What the call hears, passed on to the method. */
  private final class Ears extends Listener<Incoming<A>> {
    private final Listener<A> method;
    private boolean refused;

    Ears(Listener<A> method) {
      this.method = method;
    }

    @Override
    public void onMessage(Incoming<A> incoming) {
      A message = incoming.message();
      Status refusal = incoming.refusal();
      if (message != null) {
        RequestLog.note(message);
        tell(() -> method.onMessage(message));
      } else if (refusal != null) {
        refused = true;
        close(refusal, new Metadata());
      }
    }

    @Override
    public void onHalfClose() {
      // A method that takes one message would complain that there was none.
      if (!refused) {
        tell(method::onHalfClose);
      }
    }

    @Override
    public void onReady() {
      if (!refused) {
        tell(method::onReady);
      }
    }

    @Override
    public void onCancel() {
      tell(method::onCancel);
    }

    @Override
    public void onComplete() {
      tell(method::onComplete);
    }

    private void tell(Runnable event) {
      try {
        event.run();
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }
}
