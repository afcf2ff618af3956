package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Call;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.v1.SampleRequest;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A request that is waited for. */
final class OneRequest {
  private static final long CAP_SECONDS = 300;

  private OneRequest() {}

  /**
   * How long it takes, in milliseconds.
   *
   * @throws IOException if it fails or is not done within five minutes
   */
  static double millis(LoadClient connection, SampleRequest request)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Call call = connection.start(request);
    try {
      Call.Outcome outcome = call.outcome().get(CAP_SECONDS, TimeUnit.SECONDS);
      if (outcome.code() != Status.Code.OK) {
        throw new IOException("one request: " + outcome.code() + " (expected: OK)");
      }
      return (outcome.nanos() - begin) / 1e6;
    } catch (ExecutionException | TimeoutException e) {
      call.cancel();
      throw new IOException("one request: not done after " + CAP_SECONDS + " s", e);
    }
  }
}
