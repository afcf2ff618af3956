package dev.ancestral.server.grpc;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.server.engine.Denoiser;
import dev.ancestral.server.engine.Engine;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.engine.EngineSetup;
import dev.ancestral.server.engine.FakeTicker;
import dev.ancestral.server.engine.Ticker;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The real services behind a real, in-process gRPC server. */
final class TestServer implements AutoCloseable {
  /** What HTTP/2 lets a server send to a client that reads nothing. */
  static final int WINDOW_BYTES = 1 << 20;

  static final EngineLimits LIMITS = new EngineLimits(4, 32);
  private static final EngineLimits ROOMY =
      new EngineLimits(LIMITS.maxRows(), EngineLimits.DEFAULT_QUEUE_ROWS);

  /** What is said to be the network's. */
  static final String NETWORK_SHA256 = "ab".repeat(32);

  static final Duration READER_TIMEOUT = Duration.ofMinutes(5);

  final FakeTicker ticker;
  private final ModelRepository repository;
  private final Services services;
  private final ExecutorService encoders = Executors.newFixedThreadPool(2);
  private final Server server;
  private final Supplier<ManagedChannel> connect;
  private final ManagedChannel channel;

  TestServer(ModelRepository repository) {
    this(repository, new FakeTicker());
  }

  private TestServer(ModelRepository repository, FakeTicker ticker) {
    this.repository = repository;
    this.ticker = ticker;
    services = new Services(repository, encoders, ticker, READER_TIMEOUT);
    String name = InProcessServerBuilder.generateName();
    server = start(InProcessServerBuilder.forName(name));
    connect = () -> InProcessChannelBuilder.forName(name).build();
    channel = connect.get();
  }

  private TestServer(ModelRepository repository, FakeTicker ticker, NettyServerBuilder builder) {
    this.repository = repository;
    this.ticker = ticker;
    services = new Services(repository, encoders, ticker, READER_TIMEOUT);
    server = start(builder);
    connect =
        () ->
            NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                // A window that is left to gRPC grows with what a busy machine makes of a ping.
                .flowControlWindow(WINDOW_BYTES)
                .build();
    channel = connect.get();
  }

  private Server start(ServerBuilder<?> builder) {
    services.all().forEach(builder::addService);
    try {
      return builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As {@link #of}, but over Netty on loopback, and with a queue that nothing fills. */
  static TestServer overNetty(Bundle bundle, Denoiser denoiser) {
    FakeTicker ticker = new FakeTicker();
    return new TestServer(
        ModelRepository.of(List.of(model("digits", bundle, denoiser, ROOMY, ticker))),
        ticker,
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  /** A connection of its own, which the caller shuts down. */
  ManagedChannel newChannel() {
    return connect.get();
  }

  /** Serves one network under the name {@code digits}. */
  static TestServer of(Bundle bundle, Denoiser denoiser) {
    FakeTicker ticker = new FakeTicker();
    return new TestServer(
        ModelRepository.of(List.of(model("digits", bundle, denoiser, LIMITS, ticker))), ticker);
  }

  static ServedModel model(String name, Bundle bundle, Denoiser denoiser) {
    return model(name, bundle, denoiser, LIMITS, new FakeTicker());
  }

  private static ServedModel model(
      String name, Bundle bundle, Denoiser denoiser, EngineLimits limits, Ticker ticker) {
    return new ServedModel(
        name,
        bundle,
        Engine.start(EngineSetup.of(name, denoiser, limits).by(ticker)),
        "cpu",
        1234,
        NETWORK_SHA256);
  }

  Engine engine() {
    return repository.find("").orElseThrow().engine();
  }

  /** What the process does now and then. */
  void cutOffStoppedReaders() {
    services.cutOffStoppedReaders();
  }

  /** What the process does ten times a second. */
  void tellWaiting() {
    services.tellWaiting();
  }

  /** Streams under way. */
  int streams() {
    return services.streams();
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
