package dev.ancestral.server.ops;

import dev.ancestral.cli.UserError;
import dev.ancestral.server.door.Door;
import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.grpc.Services;
import dev.ancestral.server.onnx.CudaProbe;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.server.repository.ServedModel;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.prometheus.metrics.exporter.httpserver.HTTPServer;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The serving process.
 *
 * <pre>
 *  SERVING --drain()--> DRAINING --close()--> CLOSED
 *     |                                         ^
 *     +----------------close()------------------+
 * </pre>
 *
 * Draining says NOT_SERVING first, answers new requests with UNAVAILABLE, and finishes what runs.
 * Thread-safe.
 */
public final class AncestralServer implements AutoCloseable {
  /**
   * The largest message taken. Initial noise is what is large: this holds ten thousand gray 40×40
   * images, or 340 RGB ones of 128×128.
   */
  public static final int MAX_MESSAGE_BYTES = 64 << 20;

  /** Encoding is short work beside a step of the network; two keep a slow PNG from blocking all. */
  private static final int ENCODER_THREADS = 2;

  private static final int CHANNELZ_PAGE = 100;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

  /** As often as the contract lets progress be sent. */
  private static final Duration WAITING_PERIOD = Duration.ofMillis(100);

  private static final Duration LOG_PERIOD = Duration.ofSeconds(1);

  /** For the last words to reach clients that still listen. */
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final ModelRepository models;
  private final Device device;
  private final Health health;
  private final ActiveCalls calls = new ActiveCalls();
  private final Door door;
  private final ExecutorService encoders;
  private final ScheduledExecutorService clock;
  private final List<ScheduledFuture<?>> watches;
  private final Server server;
  private final @Nullable HTTPServer metrics;
  private final Duration drainTimeout;

  private AncestralServer(
      ServerConfig config, InetSocketAddress address, ModelRepository models, Device device)
      throws IOException {
    this.models = models;
    this.device = device;
    this.drainTimeout = config.drainTimeout();
    this.health = new Health(models.names());
    this.encoders = Executors.newFixedThreadPool(ENCODER_THREADS, daemons("encoder"));
    this.clock = Executors.newSingleThreadScheduledExecutor(daemons("clock"));
    this.door =
        new Door(
            config.logged(),
            name -> models.find(name).map(ServedModel::name).orElse(name),
            Ticker.SYSTEM);
    NettyServerBuilder builder =
        door.at(address)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            // A client that vanished without a word frees its rows within this time.
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .addService(door.guard(health.service()))
            .addService(door.guard(ProtoReflectionServiceV1.newInstance()))
            .addService(door.guard(reflectionV1Alpha()))
            .addService(door.guard(ChannelzService.newInstance(CHANNELZ_PAGE)));
    Services services = new Services(models, encoders, Ticker.SYSTEM, config.readerTimeout());
    for (BindableService service : services.all()) {
      builder.addService(door.guard(ServerInterceptors.intercept(service, calls)));
    }
    this.server = builder.build().start();
    this.metrics = metrics(config, services);
    // Often enough that a timeout is late by an eighth at most.
    long period = config.readerTimeout().dividedBy(8).toMillis();
    this.watches =
        List.of(
            every(Duration.ofMillis(period), services::cutOffStoppedReaders),
            every(WAITING_PERIOD, services::tellWaiting),
            every(LOG_PERIOD, door::tick));
  }

  private @Nullable HTTPServer metrics(ServerConfig config, Services services) throws IOException {
    if (config.metricsPort() == null) {
      return null;
    }
    PrometheusRegistry registry = new PrometheusRegistry();
    registry.register(new Metrics(models, services::streams));
    try {
      return HTTPServer.builder()
          .hostname(config.host())
          .port(config.metricsPort())
          .registry(registry)
          .buildAndStart();
    } catch (IOException e) {
      server.shutdownNow();
      throw cannotListen("metrics-port", config.host(), config.metricsPort(), e);
    }
  }

  private ScheduledFuture<?> every(Duration period, Runnable work) {
    return clock.scheduleWithFixedDelay(
        work, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Loads the models and listens.
   *
   * @throws IllegalArgumentException if no model can be served, or the device cannot be had
   * @throws UserError if it cannot listen on the address
   * @throws IOException if the models cannot be read
   */
  public static AncestralServer start(ServerConfig config) throws IOException {
    return start(config, problem -> {});
  }

  /**
   * As above.
   *
   * @param told of each model that cannot be served, as it comes, in one line
   */
  public static AncestralServer start(ServerConfig config, Consumer<String> told)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    if (address.isUnresolved()) {
      throw new UserError(
          "host: %s is not known (expected: a name or an address of this machine)"
              .formatted(config.host()));
    }
    Device device = Device.select(config.device(), CudaProbe.ofThisMachine());
    OnnxRuntime runtime = new OnnxRuntime(device, config.pool());
    ModelRepository models =
        ModelRepository.load(
            config.models(), runtime, config.limits(), ModelRepository.LOAD_TIMEOUT, told);
    try {
      return new AncestralServer(config, address, models, runtime.device());
    } catch (UserError e) {
      models.close();
      throw e;
    } catch (IOException e) {
      models.close();
      throw cannotListen("port", config.host(), config.port(), e);
    }
  }

  private static UserError cannotListen(String flag, String host, int port, IOException e) {
    return new UserError(
        "%s: cannot listen on %s:%d: %s (expected: an address of this machine and a free port; --%s 0 takes one)"
            .formatted(flag, host, port, reason(e), flag),
        e);
  }

  /** What the system said, without the call that it said it to. */
  private static String reason(IOException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage());
    return message.substring(message.lastIndexOf(": ") + 1).strip();
  }

  @SuppressWarnings("deprecation") // Older tools know this version alone.
  private static BindableService reflectionV1Alpha() {
    return ProtoReflectionService.newInstance();
  }

  /** What is served. */
  public ModelRepository models() {
    return models;
  }

  /** Where the networks run, and why there. */
  public Device device() {
    return device;
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** The port that metrics are served on; none if they are not. */
  public OptionalInt metricsPort() {
    return metrics == null ? OptionalInt.empty() : OptionalInt.of(metrics.getPort());
  }

  /**
   * Stops taking requests and finishes what runs, as long as the configured time allows.
   *
   * @return whether everything was finished
   */
  public boolean drain() throws InterruptedException {
    health.end();
    models.drain();
    // Still listening: whoever comes hears UNAVAILABLE rather than a refused connection.
    boolean finished = calls.awaitNone(drainTimeout);
    server.shutdown();
    return finished;
  }

  /** Stops at once: requests that still run are told UNAVAILABLE. A second call does nothing. */
  @Override
  public void close() {
    health.end();
    models.close();
    try {
      calls.awaitNone(GOODBYE);
      server.shutdownNow().awaitTermination(GOODBYE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    if (metrics != null) {
      metrics.close();
    }
    watches.forEach(watch -> watch.cancel(false));
    clock.shutdownNow();
    encoders.shutdownNow();
    door.close();
  }
}
