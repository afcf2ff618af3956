package dev.ancestral.bench.load;

import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One sampling under way. Its observer's methods are gRPC's; the others may be called anywhere. */
public final class Call implements ClientResponseObserver<SampleRequest, SampleResponse> {
  private final long steps;
  private final boolean stalls;
  private final StepCounter counter;
  private final Consumer<Outcome> listener;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile @Nullable ClientCallStreamObserver<SampleRequest> stream;

  // The thread's that delivers the messages.
  private long counted;
  private long frames;

  /**
   * How it ended.
   *
   * @param code {@code OK} if the whole sampling came
   * @param nanos when, as {@link System#nanoTime()} counts
   * @param frames states on the way that came
   */
  public record Outcome(Status.Code code, long nanos, long frames) {}

  /**
   * A call that is to be started.
   *
   * @param steps of the chain
   * @param stalls whether it takes the first message and no other
   * @param counter grows by every step the server says it did
   * @param listener is told the outcome, on the thread that delivers messages
   */
  Call(long steps, boolean stalls, StepCounter counter, Consumer<Outcome> listener) {
    this.steps = steps;
    this.stalls = stalls;
    this.counter = counter;
    this.listener = listener;
  }

  /** Completes when the call ends, however it ends. */
  public CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /** Gives it up. Does nothing to one that ended. */
  public void cancel() {
    ClientCallStreamObserver<SampleRequest> started = stream;
    if (started != null) {
      started.cancel("given up", null);
    }
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<SampleRequest> requests) {
    stream = requests;
    if (stalls) {
      requests.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public void onNext(SampleResponse response) {
    switch (response.getEventCase()) {
      case PROGRESS -> count(response.getProgress().getStepsDone());
      case SUMMARY -> count(steps);
      case FRAME -> frames++;
      case ACCEPTED, SAMPLE, EVENT_NOT_SET -> {
        // Nothing to count.
      }
    }
  }

  private void count(long done) {
    counter.add(done - counted);
    counted = done;
  }

  @Override
  public void onError(Throwable failure) {
    end(Status.fromThrowable(failure).getCode());
  }

  @Override
  public void onCompleted() {
    end(Status.Code.OK);
  }

  private void end(Status.Code code) {
    Outcome ended = new Outcome(code, System.nanoTime(), frames);
    outcome.complete(ended);
    listener.accept(ended);
  }
}
