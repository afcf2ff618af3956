package dev.ancestral.client;

import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import dev.ancestral.v1.Summary;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractStub;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Draws samples from a server.
 *
 * <pre>{@code
 * try (var client = AncestralClient.connect("127.0.0.1:50051");
 *     var stream = client.sample(SampleRequest.newBuilder().setModel("digits").build())) {
 *   while (stream.hasNext()) {
 *     SampleResponse message = stream.next();
 *     if (message.hasSample()) {
 *       float[] pixels = FloatTensor.of(message.getSample().getData()).values();
 *     }
 *   }
 * }
 * }</pre>
 *
 * Thread-safe. Every call blocks; a failed one throws {@link ClientException}.
 */
public final class AncestralClient implements AutoCloseable {
  /** As much as a server takes: gRPC's own 4 MB are less than one large picture in floats. */
  private static final int MAX_MESSAGE_BYTES = 64 << 20;

  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Channel channel;
  private final @Nullable ManagedChannel owned;
  private final String target;
  private final @Nullable Duration deadline;

  private AncestralClient(
      Channel channel, @Nullable ManagedChannel owned, String target, @Nullable Duration deadline) {
    this.channel = channel;
    this.owned = owned;
    this.target = target;
    this.deadline = deadline;
  }

  /**
   * Connects without encryption, on the first call.
   *
   * @param target HOST:PORT, with an address of version 6 in brackets, or unix:PATH
   * @throws IllegalArgumentException if it is not of that form
   */
  public static AncestralClient connect(String target) {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(Target.parse(target))
            .usePlaintext()
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .build();
    return new AncestralClient(channel, channel, target, null);
  }

  /** Calls over a channel that the caller made and closes. */
  public static AncestralClient over(Channel channel) {
    return new AncestralClient(channel, null, channel.authority(), null);
  }

  /**
   * This client, each of whose calls fails with {@code DEADLINE_EXCEEDED} when it takes longer. It
   * shares the connection: closing either closes both.
   */
  public AncestralClient withDeadline(Duration perCall) {
    return new AncestralClient(channel, owned, target, perCall);
  }

  /** All loaded models, in the order of their names. */
  public List<Model> models() {
    return unary(
        () ->
            timed(ModelsGrpc.newBlockingStub(channel))
                .listModels(ListModelsRequest.getDefaultInstance())
                .getModelsList());
  }

  /**
   * One model.
   *
   * @param name may be empty where exactly one is loaded
   */
  public Model model(String name) {
    GetModelRequest request = GetModelRequest.newBuilder().setName(name).build();
    return unary(() -> timed(ModelsGrpc.newBlockingStub(channel)).getModel(request));
  }

  /**
   * Starts a sampling; its messages are taken, and its failure is learnt, from the stream. A
   * request that does not say how large they may be is sent with what this client takes.
   */
  public SampleStream sample(SampleRequest request) {
    SampleRequest sent =
        request.hasMaxMessageBytes()
            ? request
            : request.toBuilder().setMaxMessageBytes(MAX_MESSAGE_BYTES).build();
    return new SampleStream(
        target,
        sent,
        () ->
            timed(SamplerGrpc.newBlockingStub(channel))
                // Whatever the channel was made with.
                .withMaxInboundMessageSize(MAX_MESSAGE_BYTES)
                .sample(sent));
  }

  /**
   * Samples to the end. What the observer throws cancels the sampling and passes through.
   *
   * @return the last message
   */
  public Summary sample(SampleRequest request, SampleObserver observer) {
    try (SampleStream stream = sample(request)) {
      while (stream.hasNext()) {
        SampleResponse message = stream.next();
        switch (message.getEventCase()) {
          case ACCEPTED -> observer.accepted(message.getAccepted());
          case PROGRESS -> observer.progress(message.getProgress());
          case FRAME -> observer.frame(message.getFrame());
          case SAMPLE -> observer.sample(message.getSample());
          case SUMMARY -> {
            return message.getSummary();
          }
          case EVENT_NOT_SET -> {
            // A newer server's event, which this client does not know.
          }
        }
      }
    }
    throw new ClientException(
        Status.Code.DATA_LOSS,
        target + ": the stream ended early (expected: a summary as its last message)",
        null,
        null);
  }

  /** Closes the connection, if this client made it; running calls fail. */
  @Override
  public void close() {
    if (owned == null) {
      return;
    }
    owned.shutdownNow();
    try {
      owned.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <S extends AbstractStub<S>> S timed(S stub) {
    return deadline == null ? stub : stub.withDeadlineAfter(deadline);
  }

  private <T> T unary(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException e) {
      throw StatusMessages.translate(e, target);
    }
  }
}
