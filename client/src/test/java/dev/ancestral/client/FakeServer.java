package dev.ancestral.client;

import dev.ancestral.v1.GetModelRequest;
import dev.ancestral.v1.ListModelsRequest;
import dev.ancestral.v1.ListModelsResponse;
import dev.ancestral.v1.Model;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server on loopback whose samplings play a script. */
final class FakeServer implements AutoCloseable {
  /** What a sampling answers. */
  @FunctionalInterface
  interface Script {
    void play(SampleRequest request, ServerCallStreamObserver<SampleResponse> out);
  }

  /** The requests for samples, in the order they came. */
  final BlockingQueue<SampleRequest> requests = new LinkedBlockingQueue<>();

  private final Server server;

  private FakeServer(List<Model> models, Script script) {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Models(models))
            .addService(new Sampler(script))
            .build();
  }

  static FakeServer start(Model model, Script script) {
    return start(List.of(model), script);
  }

  static FakeServer start(List<Model> models, Script script) {
    FakeServer fake = new FakeServer(models, script);
    try {
      fake.server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return fake;
  }

  String target() {
    return "127.0.0.1:" + server.getPort();
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

  private static final class Models extends ModelsGrpc.ModelsImplBase {
    private final List<Model> models;

    Models(List<Model> models) {
      this.models = models;
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> out) {
      out.onNext(ListModelsResponse.newBuilder().addAllModels(models).build());
      out.onCompleted();
    }

    @Override
    public void getModel(GetModelRequest request, StreamObserver<Model> out) {
      models.stream()
          .filter(model -> request.getName().isEmpty() || request.getName().equals(model.getName()))
          .findFirst()
          .ifPresentOrElse(
              model -> {
                out.onNext(model);
                out.onCompleted();
              },
              () -> out.onError(Scripts.notFound(request.getName(), "no such model")));
    }
  }

  private final class Sampler extends SamplerGrpc.SamplerImplBase {
    private final Script script;

    Sampler(Script script) {
      this.script = script;
    }

    @Override
    public void sample(SampleRequest request, StreamObserver<SampleResponse> out) {
      requests.add(request);
      script.play(request, (ServerCallStreamObserver<SampleResponse>) out);
    }
  }

  /** The exception that carries a status with details. */
  static StatusRuntimeException error(com.google.rpc.Status status) {
    return StatusProto.toStatusRuntimeException(status);
  }
}
