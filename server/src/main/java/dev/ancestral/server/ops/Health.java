package dev.ancestral.server.ops;

import dev.ancestral.v1.ModelsGrpc;
import dev.ancestral.v1.SamplerGrpc;
import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * grpc.health.v1: the whole server under the empty name, each service under its own, each model
 * under its own. Thread-safe.
 */
final class Health {
  private final HealthStatusManager manager = new HealthStatusManager();
  private final AtomicBoolean ended = new AtomicBoolean();

  Health(Set<String> models) {
    manager.setStatus(SamplerGrpc.SERVICE_NAME, ServingStatus.SERVING);
    manager.setStatus(ModelsGrpc.SERVICE_NAME, ServingStatus.SERVING);
    for (String model : models) {
      manager.setStatus(model, ServingStatus.SERVING);
    }
  }

  BindableService service() {
    return manager.getHealthService();
  }

  /**
   * NOT_SERVING for good, so that balancers send nobody here any more. A second call does nothing.
   */
  void end() {
    if (ended.compareAndSet(false, true)) {
      manager.enterTerminalState();
    }
  }
}
