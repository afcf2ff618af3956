package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The real services behind a real, in-process gRPC server. */
final class TestServer implements AutoCloseable {
  static final EngineLimits LIMITS = new EngineLimits(4, 32);
  private static final EngineLimits ROOMY =
      new EngineLimits(LIMITS.maxRows(), EngineLimits.DEFAULT_QUEUE_ROWS);

  final FakeTicker ticker = new FakeTicker();
  private final ModelRepository repository;
  private final ExecutorService encoders = Executors.newFixedThreadPool(2);
  private final Server server;
  private final Supplier<ManagedChannel> connect;
  private final ManagedChannel channel;

  TestServer(ModelRepository repository) {
    this.repository = repository;
    String name = InProcessServerBuilder.generateName();
    server = start(InProcessServerBuilder.forName(name));
    connect = () -> InProcessChannelBuilder.forName(name).build();
    channel = connect.get();
  }

  private TestServer(ModelRepository repository, NettyServerBuilder builder) {
    this.repository = repository;
    server = start(builder);
    connect =
        () -> NettyChannelBuilder.forAddress("127.0.0.1", server.getPort()).usePlaintext().build();
    channel = connect.get();
  }

  private Server start(ServerBuilder<?> builder) {
    Services.create(repository, encoders, ticker).forEach(builder::addService);
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #of}, but over Netty on loopback, and with a queue that nothing fills. */
  static TestServer overNetty(Bundle bundle, Denoiser denoiser) {
    return new TestServer(
        ModelRepository.of(List.of(model("digits", bundle, denoiser, ROOMY))),
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  /** A connection of its own, which the caller shuts down. */
  ManagedChannel newChannel() {
    return connect.get();
  }

  /** Serves one network under the name {@code digits}. */
  static TestServer of(Bundle bundle, Denoiser denoiser) {
    return new TestServer(ModelRepository.of(List.of(model("digits", bundle, denoiser))));
  }

  static ServedModel model(String name, Bundle bundle, Denoiser denoiser) {
    return model(name, bundle, denoiser, LIMITS);
  }

  private static ServedModel model(
      String name, Bundle bundle, Denoiser denoiser, EngineLimits limits) {
    return new ServedModel(name, bundle, Engine.start(name, denoiser, limits), "cpu", 1234);
  }

  Engine engine() {
    return repository.find("").orElseThrow().engine();
  }

  ModelRepository repository() {
    return repository;
  }

  SamplerGrpc.SamplerBlockingStub sampler() {
    return SamplerGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  SamplerGrpc.SamplerStub asyncSampler() {
    return SamplerGrpc.newStub(channel);
  }

  ModelsGrpc.ModelsBlockingStub models() {
    return ModelsGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  /** The whole stream of a request. */
  List<SampleResponse> sample(SampleRequest request) {
    List<SampleResponse> responses = new ArrayList<>();
    sampler().sample(request).forEachRemaining(responses::add);
    return responses;
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    repository.close();
    encoders.shutdownNow();
  }
}
