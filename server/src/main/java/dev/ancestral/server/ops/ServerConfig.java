package dev.ancestral.server.ops;

import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.DeviceChoice;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How to serve.
 *
 * @param models a directory of bundles, or a bundle
 * @param host address to listen on
 * @param port port to listen on; 0 takes a free one
 * @param device where the networks run
 * @param limits of each model's engine
 * @param threads of ONNX Runtime, shared by all models
 * @param drainTimeout how long running requests may take once the server is asked to stop
 */
public record ServerConfig(
    Path models,
    String host,
    int port,
    DeviceChoice device,
    EngineLimits limits,
    int threads,
    Duration drainTimeout) {
  /** Where the server listens unless told otherwise: it asks nobody who they are. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** The usual port of gRPC. */
  public static final int DEFAULT_PORT = 50051;

  /** Long enough for a thousand steps of a small network. */
  public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);

  /** Checks the bounds. */
  public ServerConfig {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: %d (expected: 0..65535)".formatted(port));
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: %d (expected: at least 1)".formatted(threads));
    }
    if (drainTimeout.isNegative()) {
      throw new IllegalArgumentException(
          "drain-timeout: %s (expected: not negative)".formatted(drainTimeout));
    }
  }
}
