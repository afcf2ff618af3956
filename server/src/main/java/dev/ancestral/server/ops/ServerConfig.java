package dev.ancestral.server.ops;

import dev.ancestral.server.door.LoggedRequests;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.ThreadPool;
import dev.ancestral.server.repository.ModelRepository;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to serve.
 *
 * @param models a directory of bundles, or a bundle
 * @param host address to listen on, or {@code unix:} and the file of a socket
 * @param port port to listen on; 0 takes a free one
 * @param metricsPort port to serve metrics on, on the same host; 0 takes a free one, null serves
 *     none
 * @param device where the networks run
 * @param limits of each model's engine
 * @param pool threads of ONNX Runtime, shared by all models
 * @param logged which requests get a line in the log
 * @param readerTimeout how long a stream waits for a client that takes nothing
 * @param loadTimeout how long a model may take to be read, opened, run and measured, before it is
 *     given up
 * @param strict whether a model that cannot be served keeps the server from starting
 * @param drainDelay how long new requests are still taken once the server is asked to stop and says
 *     that it is not ready: what it takes balancers to hear of it
 * @param drainTimeout how long running requests may take after that
 */
public record ServerConfig(
    Path models,
    String host,
    int port,
    @Nullable Integer metricsPort,
    DeviceChoice device,
    EngineLimits limits,
    ThreadPool pool,
    LoggedRequests logged,
    Duration readerTimeout,
    Duration loadTimeout,
    boolean strict,
    Duration drainDelay,
    Duration drainTimeout) {
  /** Where the server listens unless told otherwise: it asks nobody who they are. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** The usual port of gRPC. */
  public static final int DEFAULT_PORT = 50051;

  /** Long enough for a person who looks at what came before asking for more. */
  public static final int DEFAULT_READER_SECONDS = 300;

  /** Long enough for a thousand steps of a small network. */
  public static final int DEFAULT_DRAIN_SECONDS = 30;

  /** As long as whoever loads models without a server gives them. */
  public static final int DEFAULT_LOAD_SECONDS = ModelRepository.LOAD_SECONDS;

  private static final int LAST_PORT = 65_535;

  private static final String SOCKET = "unix:";

  private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();

  /** Checks the bounds. */
  public ServerConfig {
    require(port >= 0 && port <= LAST_PORT, "port", port, "0.." + LAST_PORT);
    if (metricsPort != null) {
      require(
          metricsPort >= 0 && metricsPort <= LAST_PORT,
          "metrics-port",
          metricsPort,
          "0.." + LAST_PORT);
    }
    long readerSeconds = readerTimeout.toSeconds();
    require(
        readerSeconds >= 1 && readerSeconds <= DAY_SECONDS,
        "reader-timeout",
        readerSeconds,
        "1..%d seconds".formatted(DAY_SECONDS));
    require(
        !host.equals(SOCKET) && !host.equals(SOCKET + "//"),
        "host",
        host,
        "an address, a name, or unix:PATH");
    long loadSeconds = loadTimeout.toSeconds();
    require(
        loadSeconds >= 1 && loadSeconds <= DAY_SECONDS,
        "load-timeout",
        loadSeconds,
        "1..%d seconds".formatted(DAY_SECONDS));
    long delaySeconds = drainDelay.toSeconds();
    require(
        !drainDelay.isNegative() && delaySeconds <= DAY_SECONDS,
        "drain-delay",
        delaySeconds,
        "0..%d seconds".formatted(DAY_SECONDS));
    long drainSeconds = drainTimeout.toSeconds();
    require(
        !drainTimeout.isNegative() && drainSeconds <= DAY_SECONDS,
        "drain-timeout",
        drainSeconds,
        "0..%d seconds".formatted(DAY_SECONDS));
  }

  /** Whether a host is a socket in the file system. */
  public static boolean isSocketFile(String host) {
    return host.startsWith(SOCKET);
  }

  /** Its file; written {@code unix:PATH}, or {@code unix://PATH} as gRPC's targets may be. */
  static Path socketFile(String host) {
    String path = host.substring(SOCKET.length());
    return Path.of(path.startsWith("//") ? path.substring(2) : path);
  }

  private static void require(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %s (expected: %s)".formatted(field, value, expected));
    }
  }
}
