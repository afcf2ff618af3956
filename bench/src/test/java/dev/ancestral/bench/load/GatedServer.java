package dev.ancestral.bench.load;

import dev.ancestral.v1.Accepted;
import dev.ancestral.v1.Frame;
import dev.ancestral.v1.Progress;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import dev.ancestral.v1.Summary;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that holds every sampling until the test lets it go on. */
final class GatedServer implements AutoCloseable {
  /** A sampling that waits. */
  record Held(SampleRequest request, ServerCallStreamObserver<SampleResponse> out) {
    /** Says how far it is. */
    void progress(long steps) {
      out.onNext(
          SampleResponse.newBuilder()
              .setProgress(
                  Progress.newBuilder().setStepsDone(steps).setStepsTotal(request.getSteps()))
              .build());
    }

    /** Ends it as it should end, with one frame. */
    void finish() {
      out.onNext(SampleResponse.newBuilder().setFrame(Frame.newBuilder().setStep(1)).build());
      out.onNext(SampleResponse.newBuilder().setSample(Sample.getDefaultInstance()).build());
      out.onNext(
          SampleResponse.newBuilder().setSummary(Summary.newBuilder().setNumSamples(1)).build());
      out.onCompleted();
    }

    void refuse(Status status) {
      out.onError(status.asRuntimeException());
    }
  }

  /** Samplings in the order in which they came. */
  final BlockingQueue<Held> held = new LinkedBlockingQueue<>();

  /** Samplings that their clients gave up. */
  final AtomicInteger cancelled = new AtomicInteger();

  private final Server server;

  GatedServer() {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Sampler())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
  }

  private final class Sampler extends SamplerGrpc.SamplerImplBase {
    @Override
    public void sample(SampleRequest request, StreamObserver<SampleResponse> observer) {
      ServerCallStreamObserver<SampleResponse> out =
          (ServerCallStreamObserver<SampleResponse>) observer;
      out.setOnCancelHandler(cancelled::incrementAndGet);
      out.onNext(
          SampleResponse.newBuilder()
              .setAccepted(Accepted.newBuilder().setResolved(request))
              .build());
      held.add(new Held(request, out));
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
