package dev.ancestral.bench.load;

import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection to a server that starts samplings without waiting for them. Messages are counted on
 * the network's own thread, which is all that is done with them: the load must not be what is slow.
 * Thread-safe.
 */
public final class LoadClient implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final ManagedChannel channel;
  private final StepCounter steps = new StepCounter();

  private LoadClient(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Connects, on the first call. */
  public static LoadClient connect(String target) {
    return new LoadClient(
        ManagedChannelBuilder.forTarget("dns:///" + target)
            .usePlaintext()
            .directExecutor()
            .build());
  }

  /** Starts a sampling and reads whatever comes. */
  public Call start(SampleRequest request) {
    return start(request, ignored -> {});
  }

  /**
   * Starts a sampling and reads whatever comes; the listener is told the outcome, and returns at
   * once.
   */
  Call start(SampleRequest request, Consumer<Call.Outcome> listener) {
    return start(request, false, listener);
  }

  /** Starts a sampling and reads its first message alone. */
  public Call startStalled(SampleRequest request) {
    return start(request, true, ignored -> {});
  }

  private Call start(SampleRequest request, boolean stalls, Consumer<Call.Outcome> listener) {
    Call call = new Call(request.getSteps(), stalls, steps, listener);
    SamplerGrpc.newStub(channel).sample(request, call);
    return call;
  }

  /** Steps that the server did for the calls of this connection, as far as it has said so. */
  public long steps() {
    return steps.reading().steps();
  }

  /** The same, with when the server last said so. */
  public StepReading reading() {
    return steps.reading();
  }

  /** Closes the connection; what still runs fails. */
  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
