package dev.ancestral.server.ops;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;

/**
 * Counts calls from their start until their response is sent or given up. gRPC's own count will not
 * do for draining: a watch of the health service is a call that never ends. Thread-safe.
 */
final class ActiveCalls implements ServerInterceptor {
  private int calls;

  @Override
  public <A, B> ServerCall.Listener<A> interceptCall(
      ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
    count(1);
    // gRPC ends every call with exactly one of the two.
    return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
      @Override
      public void onComplete() {
        super.onComplete();
        count(-1);
      }

      @Override
      public void onCancel() {
        super.onCancel();
        count(-1);
      }
    };
  }

  private synchronized void count(int change) {
    calls += change;
    if (calls == 0) {
      notifyAll();
    }
  }

  /** How many there are. */
  synchronized int number() {
    return calls;
  }

  /** Waits until no call is left; false if the time ran out first. */
  synchronized boolean awaitNone(Duration timeout) throws InterruptedException {
    long end = System.nanoTime() + timeout.toNanos();
    while (calls > 0) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      // At least a millisecond: zero would wait for ever.
      wait(left / 1_000_000 + 1);
    }
    return true;
  }
}
