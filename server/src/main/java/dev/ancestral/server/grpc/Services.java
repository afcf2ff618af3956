package dev.ancestral.server.grpc;

import dev.ancestral.server.repository.ModelRepository;
import io.grpc.BindableService;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executor;

/** The product's own services, ready to be added to a gRPC server. */
public final class Services {
  private Services() {}

  /**
   * Sampler and Models over a repository.
   *
   * @param encoders runs the encoding and sending of responses; outlives the gRPC server
   * @param ticker the clock of progress and timings
   */
  public static List<BindableService> create(
      ModelRepository repository, Executor encoders, Ticker ticker) {
    ModelLookup models = new ModelLookup(repository);
    RequestResolver resolver = new RequestResolver(new SecureRandom()::nextLong);
    return List.of(
        new SamplerService(models, resolver, encoders, ticker),
        new ModelsService(repository, models));
  }
}
