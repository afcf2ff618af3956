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
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
 * Draining says NOT_SERVING first and, after the configured delay, in which requests are still
 * taken, answers new ones with UNAVAILABLE and finishes what runs. Thread-safe.
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
  private final Listening listening;
  private final Readiness readiness;
  private final @Nullable OperatorPort operators;
  private final Duration drainDelay;
  private final Duration drainTimeout;

  private AncestralServer(
      ServerConfig config,
      Listening listening,
      Readiness readiness,
      @Nullable OperatorPort operators,
      ModelRepository models,
      Device device)
      throws IOException {
    this.listening = listening;
    this.readiness = readiness;
    this.operators = operators;
    this.models = models;
    this.device = device;
    this.drainDelay = config.drainDelay();
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
        listening
            .prepare(door.at(listening.address()))
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
    if (operators != null) {
      operators.show(new Metrics(models, services::streams));
    }
    // Often enough that a timeout is late by an eighth at most.
    long period = config.readerTimeout().dividedBy(8).toMillis();
    this.watches =
        List.of(
            every(Duration.ofMillis(period), services::cutOffStoppedReaders),
            every(WAITING_PERIOD, services::tellWaiting),
            every(LOG_PERIOD, door::tick));
    readiness.ready();
  }

  private static @Nullable OperatorPort operators(
      ServerConfig config, Listening listening, Readiness readiness) {
    Integer port = config.metricsPort();
    if (port == null) {
      return null;
    }
    try {
      return new OperatorPort(listening.neighbour(), port, readiness);
    } catch (IOException e) {
      throw Listening.cannotListen("metrics-port", listening.neighbour(port), e);
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
    Readiness readiness = new Readiness();
    Listening listening = Listening.at(config.host(), config.port());
    OperatorPort operators = null;
    ModelRepository models = null;
    try {
      operators = operators(config, listening, readiness);
      Device device = Device.select(config.device(), CudaProbe.ofThisMachine());
      OnnxRuntime runtime = new OnnxRuntime(device, config.pool());
      models =
          ModelRepository.load(
              config.models(), runtime, config.limits(), config.loadTimeout(), told);
      if (config.strict() && !models.problems().isEmpty()) {
        throw new UserError(
            "strict: %d of what lies below %s cannot be served, the first since: %s (expected: none)"
                .formatted(models.problems().size(), config.models(), models.problems().get(0)));
      }
      return listen(config, listening, readiness, operators, models, runtime.device());
    } catch (IOException | RuntimeException e) {
      if (models != null) {
        models.close();
      }
      if (operators != null) {
        operators.close();
      }
      listening.close();
      throw e;
    }
  }

  private static AncestralServer listen(
      ServerConfig config,
      Listening listening,
      Readiness readiness,
      @Nullable OperatorPort operators,
      ModelRepository models,
      Device device) {
    try {
      return new AncestralServer(config, listening, readiness, operators, models, device);
    } catch (IOException e) {
      throw listening.refused(e);
    }
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

  /** What a client on this machine reaches it by, such as {@code [::1]:50051}. */
  public String target() {
    return listening.target(server.getPort());
  }

  /** That it listens on more than that, in words, where it does. */
  public Optional<String> wide() {
    return listening.wide(server.getPort());
  }

  /** The port that metrics are served on; none if they are not. */
  public OptionalInt metricsPort() {
    return operators == null ? OptionalInt.empty() : OptionalInt.of(operators.port());
  }

  /** What operators reach {@code /metrics} by; none if they are not served. */
  public Optional<String> metricsTarget() {
    return operators == null
        ? Optional.empty()
        : Optional.of(listening.neighbour(operators.port()));
  }

  /** As below, and says nothing. */
  public boolean drain() throws InterruptedException {
    return drain(line -> {});
  }

  /**
   * Stops taking requests, after a delay in which it says that it is about to, and finishes what
   * runs, as long as the configured time allows.
   *
   * @param told what happens, a line each
   * @return whether everything was finished
   */
  public boolean drain(Consumer<String> told) throws InterruptedException {
    readiness.end();
    health.end();
    told.accept(
        "stopping: not ready from now on; requests that run: %d%s"
            .formatted(
                calls.number(),
                drainDelay.isZero()
                    ? ""
                    : "; new ones are taken for %d s more".formatted(drainDelay.toSeconds())));
    TimeUnit.NANOSECONDS.sleep(drainDelay.toNanos());
    models.drain();
    // Still listening: whoever comes hears UNAVAILABLE rather than a refused connection.
    boolean finished = calls.awaitNone(drainTimeout);
    server.shutdown();
    told.accept(
        finished
            ? "stopped: every request was finished"
            : "stopped: %d requests were cut off after %d s"
                .formatted(calls.number(), drainTimeout.toSeconds()));
    return finished;
  }

  /** Stops at once: requests that still run are told UNAVAILABLE. A second call does nothing. */
  @Override
  public void close() {
    readiness.end();
    health.end();
    models.close();
    try {
      calls.awaitNone(GOODBYE);
      server.shutdownNow().awaitTermination(GOODBYE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    if (operators != null) {
      operators.close();
    }
    listening.close();
    watches.forEach(watch -> watch.cancel(false));
    clock.shutdownNow();
    encoders.shutdownNow();
    door.close();
  }
}
