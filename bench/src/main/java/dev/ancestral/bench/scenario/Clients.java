package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.ClosedLoop;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.v1.SampleRequest;
import java.io.IOException;
import java.util.function.UnaryOperator;

/**
 * A closed loop and its throughput: clients of equal requests, warmed up, then measured for a
 * while.
 *
 * @param count how many clients
 * @param shape what to ask for beyond the steps
 */
record Clients(int count, UnaryOperator<SampleRequest> shape) {
  /** Clients that ask for samples alone. */
  static Clients plain(int count) {
    return new Clients(count, UnaryOperator.identity());
  }

  /**
   * Steps of one row in a second.
   *
   * @throws IOException if the server failed any of the requests: the others would look fast
   */
  double stepsPerSecond(Lab lab, Variant variant) throws IOException, InterruptedException {
    int steps = lab.pace().chainSteps();
    try (LoadClient connection = lab.connect(variant);
        ClosedLoop loop =
            new ClosedLoop(
                connection,
                count,
                index -> shape.apply(Requests.ofSteps(steps, Lab.SEED + index)))) {
      Thread.sleep(lab.pace().warmUp().toMillis());
      long stepsBefore = connection.steps();
      long begin = System.nanoTime();
      Thread.sleep(lab.pace().window().toMillis());
      long done = connection.steps() - stepsBefore;
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (!loop.failures().isEmpty()) {
        throw new IOException(
            "%s: requests failed: %s (expected: none)".formatted(variant.name(), loop.failures()));
      }
      return done / seconds;
    } finally {
      Lab.settle();
    }
  }
}
