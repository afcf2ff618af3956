package dev.ancestral.server.grpc;

import dev.ancestral.server.engine.Ticker;
import dev.ancestral.server.repository.ModelRepository;
import io.grpc.BindableService;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/** The product's own services: Sampler and Models over a repository. Thread-safe. */
public final class Services {
  private final OpenStreams streams;
  private final List<BindableService> all;

  /**
   * Services ready to be added to a gRPC server.
   *
   * @param encoders runs the encoding and sending of responses; outlives the gRPC server
   * @param ticker the clock of progress, timings and patience
   * @param readerTimeout how long a stream waits for a reader that takes nothing
   */
  public Services(
      ModelRepository repository, Executor encoders, Ticker ticker, Duration readerTimeout) {
    ModelLookup models = new ModelLookup(repository);
    RequestResolver resolver = new RequestResolver(new SecureRandom()::nextLong);
    streams = new OpenStreams(readerTimeout, ticker);
    all =
        List.of(
            new SamplerService(models, resolver, streams, encoders, ticker),
            new ModelsService(repository, models));
  }

  /** Each of them. */
  public List<BindableService> all() {
    return all;
  }

  /** Streams under way. */
  public int streams() {
    return streams.size();
  }

  /** Tells the requests that wait where they stand; to be called ten times a second. */
  public void tellWaiting() {
    streams.tellWaiting();
  }

  /** Ends the streams whose reader took nothing for too long; to be called now and then. */
  public void cutOffStoppedReaders() {
    streams.check();
  }
}
