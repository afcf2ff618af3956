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

  static ServerConfig of(
      Path models,
      String host,
      int port,
      @Nullable Integer metricsPort,
      DeviceChoice device,
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
        drainTimeout);
  }
}
