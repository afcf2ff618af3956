package dev.ancestral.server.grpc;

import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client that takes messages when it is told to. */
public final class SlowReader implements ClientResponseObserver<SampleRequest, SampleResponse> {
  /** The in-process transport adds requests up in an int: the largest one would overflow it. */
  public static final int PLENTY = 1 << 20;

  private final List<SampleResponse> responses = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<Void> first = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<SampleRequest> call;

  @Override
  public void beforeStart(ClientCallStreamObserver<SampleRequest> requestStream) {
    call = requestStream;
    requestStream.disableAutoRequestWithInitial(1);
  }

  /** Takes this many more. */
  public void take(int messages) {
    Objects.requireNonNull(call).request(messages);
  }

  public void cancel() {
    Objects.requireNonNull(call).cancel("a test", null);
  }

  /** Waits for the first message, {@code accepted}. */
  public void awaitAccepted() throws Exception {
    first.get(10, TimeUnit.SECONDS);
  }

  /** Waits until this many messages came. */
  public synchronized void awaitMessages(int count) throws InterruptedException {
    while (responses.size() < count) {
      wait();
    }
  }

  /** Takes everything that is left, and returns all there was. */
  public List<SampleResponse> takeAll() throws Exception {
    take(PLENTY);
    done.get(10, TimeUnit.SECONDS);
    return responses;
  }

  /** What the call ended with. */
  public Throwable awaitFailure() throws InterruptedException, TimeoutException {
    try {
      done.get(10, TimeUnit.SECONDS);
      throw new AssertionError("the call succeeded");
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    }
  }

  @Override
  public synchronized void onNext(SampleResponse value) {
    responses.add(value);
    notifyAll();
    first.complete(null);
  }

  @Override
  public void onError(Throwable t) {
    first.completeExceptionally(t);
    done.completeExceptionally(t);
  }

  @Override
  public void onCompleted() {
    done.complete(null);
  }
}
