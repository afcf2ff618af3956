package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.ClosedLoop;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.load.StepReading;
import dev.ancestral.v1.SampleRequest;
import java.io.IOException;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * A closed loop and its throughput.
 *
 * @param count how many clients
 * @param requests what they send, by how many were sent before
 */
record Clients(int count, IntFunction<SampleRequest> requests) {
  /** Clients that ask for samples alone, all of them in as many steps. */
  static Clients equal(int count, int steps) {
    return new Clients(count, index -> Requests.ofSteps(steps, Lab.SEED + index));
  }

  /** Clients that ask for 10 to 250 steps, as those do that arrive in an open loop. */
  static Clients mixed(int count) {
    return new Clients(count, index -> Requests.mixed(Lab.SEED, index));
  }

  /** The same with something else in each request. */
  Clients asking(UnaryOperator<SampleRequest> change) {
    return new Clients(count, index -> change.apply(requests.apply(index)));
  }

  /** Starts them; they run until the loop is closed. */
  ClosedLoop start(LoadClient connection) {
    return new ClosedLoop(connection, count, requests);
  }

  /**
   * Steps of one row in a second.
   *
   * @throws IOException if the server failed any of the requests: the others would look fast
   */
  double stepsPerSecond(String target, Window window) throws IOException, InterruptedException {
    try (LoadClient connection = LoadClient.connect(target);
        ClosedLoop loop = start(connection)) {
      Thread.sleep(window.warmUp().toMillis());
      StepReading begin = connection.reading();
      Thread.sleep(window.measured().toMillis());
      StepReading end = connection.reading();
      check(loop);
      if (end.steps() == begin.steps()) {
        throw new IOException(
            "%d clients: no step within %s (expected: at least 1)"
                .formatted(count, window.measured()));
      }
      return end.perSecondSince(begin);
    }
  }

  /**
   * Fails if a request of them did.
   *
   * @throws IOException that says how
   */
  static void check(ClosedLoop loop) throws IOException {
    if (!loop.failures().isEmpty()) {
      throw new IOException("requests failed: %s (expected: none)".formatted(loop.failures()));
    }
  }
}
