package dev.ancestral.server.ops;

import dev.ancestral.server.door.LoggedRequests;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.ThreadPool;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to serve.
 *
 * @param models a directory of bundles, or a bundle
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param metricsPort port to serve metrics on, on the same host; 0 takes a free one, null serves
 *     none
 * @param device where the networks run
 * @param limits of each model's engine
 * @param pool threads of ONNX Runtime, shared by all models
 * @param logged which requests get a line in the log
 * @param readerTimeout how long a stream waits for a client that takes nothing
 * @param drainTimeout how long running requests may take once the server is asked to stop
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
    Duration drainTimeout) {
  /** Where the server listens unless told otherwise: it asks nobody who they are. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** The usual port of gRPC. */
  public static final int DEFAULT_PORT = 50051;

  /** Long enough for a person who looks at what came before asking for more. */
  public static final int DEFAULT_READER_SECONDS = 300;

  /** Long enough for a thousand steps of a small network. */
  public static final int DEFAULT_DRAIN_SECONDS = 30;

  private static final int LAST_PORT = 65_535;

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
    long drainSeconds = drainTimeout.toSeconds();
    require(
        !drainTimeout.isNegative() && drainSeconds <= DAY_SECONDS,
        "drain-timeout",
        drainSeconds,
        "0..%d seconds".formatted(DAY_SECONDS));
  }

  private static void require(boolean holds, String field, long value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("%s: %d (expected: %s)".formatted(field, value, expected));
    }
  }
}
