package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.engine.Urgency;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code ancestral.v1.Sampler}. */
final class SamplerService extends SamplerGrpc.SamplerImplBase {
  private final ModelLookup models;
  private final RequestResolver resolver;
  private final OpenStreams streams;
  private final Executor encoders;
  private final Ticker ticker;

  SamplerService(
      ModelLookup models,
      RequestResolver resolver,
      OpenStreams streams,
      Executor encoders,
      Ticker ticker) {
    this.models = models;
    this.resolver = resolver;
    this.streams = streams;
    this.encoders = encoders;
    this.ticker = ticker;
  }

  @Override
  public void sample(SampleRequest request, StreamObserver<SampleResponse> responseObserver) {
    try {
      ServedModel model = models.find("model", request.getModel());
      ResolvedRequest resolved =
          resolver.resolve(request, model.name(), model.bundle(), model.engine().capacity());
      ServerCallStreamObserver<SampleResponse> observer =
          (ServerCallStreamObserver<SampleResponse>) responseObserver;
      ResponseStream stream =
          new ResponseStream(observer, new Responses(resolved, model), streams, encoders, ticker);
      // gRPC runs both after this method has returned, so after open().
      observer.setOnReadyHandler(stream::schedule);
      observer.setOnCancelHandler(stream::cancel);
      Urgency urgency = new Urgency(resolved.priority(), timeLeft());
      stream.open(model.engine().submit(resolved.chain(), urgency, stream));
    } catch (RuntimeException e) {
      responseObserver.onError(StatusMapping.of(e));
    }
  }

  /** Until the call's deadline; null if it has none. */
  private static @Nullable Duration timeLeft() {
    Deadline deadline = Context.current().getDeadline();
    return deadline == null ? null : Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }
}
