package dev.ancestral.server.ops;

import dev.ancestral.server.door.LoggedRequests;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.DeviceChoice;
import dev.ancestral.server.onnx.ThreadPool;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What tests start servers with. */
final class ServerConfigs {
  private ServerConfigs() {}

  /** On free ports, metrics among them. */
  static ServerConfig at(String host, Path models, boolean strict, Duration drainDelay) {
    return of(models, host, 0, 0, DeviceChoice.CPU, strict, drainDelay, Duration.ofSeconds(20));
  }

  static ServerConfig of(
      Path models,
      String host,
      int port,
      @Nullable Integer metricsPort,
      DeviceChoice device,
      Duration drainTimeout) {
    return of(models, host, port, metricsPort, device, false, Duration.ZERO, drainTimeout);
  }

  private static ServerConfig of(
      Path models,
      String host,
      int port,
      @Nullable Integer metricsPort,
      DeviceChoice device,
      boolean strict,
      Duration drainDelay,
      Duration drainTimeout) {
    return new ServerConfig(
        models,
        host,
        port,
        metricsPort,
        device,
        EngineLimits.DEFAULTS,
        new ThreadPool(2, true),
        LoggedRequests.FAILED,
        Duration.ofMinutes(5),
        Duration.ofMinutes(1),
        strict,
        drainDelay,
        drainTimeout);
  }
}
