package dev.ancestral.bench.load;

import dev.ancestral.v1.SampleRequest;
import io.grpc.Status;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Clients that send their next request as soon as the one before it is done. They run from its
 * making to its closing. Thread-safe.
 */
public final class ClosedLoop implements AutoCloseable {
  private final LoadClient connection;
  private final IntFunction<SampleRequest> requests;
  private final Map<Integer, Call> open = new HashMap<>();
  private final Map<Status.Code, Integer> failures = new EnumMap<>(Status.Code.class);
  private final Latencies latencies = new Latencies();
  private int sent;
  private long frames;
  private boolean closed;

  /**
   * Starts the clients.
   *
   * @param requests what to send, by how many were sent before
   */
  public ClosedLoop(LoadClient connection, int clients, IntFunction<SampleRequest> requests) {
    this.connection = connection;
    this.requests = requests;
    for (int client = 0; client < clients; client++) {
      next(client);
    }
  }

  private synchronized void next(int client) {
    if (closed) {
      return;
    }
    long start = System.nanoTime();
    SampleRequest request = requests.apply(sent++);
    open.put(client, connection.start(request, outcome -> ended(client, start, outcome)));
  }

  private void ended(int client, long start, Call.Outcome outcome) {
    synchronized (this) {
      frames += outcome.frames();
      if (closed) {
        return;
      }
      if (outcome.code() == Status.Code.OK) {
        latencies.add(Duration.ofNanos(outcome.nanos() - start));
      } else {
        failures.merge(outcome.code(), 1, Integer::sum);
        // A client that is refused does not ask again at once: this would be a loop without end.
        return;
      }
    }
    next(client);
  }

  /** Requests that failed, by status; their clients have stopped. */
  public synchronized Map<Status.Code, Integer> failures() {
    return new EnumMap<>(failures);
  }

  /** How long the requests took that are done. */
  public Latencies latencies() {
    return latencies;
  }

  /** States on the way that came, with the requests that are done. */
  public synchronized long frames() {
    return frames;
  }

  /** Gives up what runs; no client sends anything after that. */
  @Override
  public void close() {
    Map<Integer, Call> running;
    synchronized (this) {
      closed = true;
      running = Map.copyOf(open);
    }
    running.values().forEach(Call::cancel);
  }
}
