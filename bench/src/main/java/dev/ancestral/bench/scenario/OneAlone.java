package dev.ancestral.bench.scenario;

import dev.ancestral.bench.baseline.EagerPyTorch;
import dev.ancestral.bench.load.Call;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.Requests;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import io.grpc.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request with the server to itself, over the wire, beside the network's calls alone. */
final class OneAlone implements Scenario {
  private static final long CAP_SECONDS = 300;
  private static final String BARE = "ONNX Runtime alone";
  private static final String EAGER = "PyTorch eager";

  @Override
  public String name() {
    return "alone";
  }

  @Override
  public String description() {
    return "one request with the server to itself: milliseconds a step, against the network's calls alone";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    int steps = lab.pace().chainSteps();
    List<LoadClient> connections = new ArrayList<>();
    Turns turns = new Turns();
    try {
      for (Variant variant : Variant.ALL) {
        LoadClient connection = lab.connect(variant);
        connections.add(connection);
        turns.enter(variant.name(), () -> request(connection, steps));
      }
      turns.enter(BARE, () -> lab.bare().run(1, steps).toNanos() / 1e6 / steps);
      String noEager = "";
      try {
        EagerPyTorch eager = lab.eager();
        turns.enter(EAGER, () -> eager.run(1, steps).toNanos() / 1e6 / steps);
      } catch (EagerPyTorch.Unavailable e) {
        noEager = e.reason();
      }
      Rounds rounds = turns.run(name(), Quantity.MILLISECONDS, lab.pace().rounds());
      String note = "a step of %d".formatted(steps);
      for (Variant variant : Variant.ALL) {
        results.add(rounds.finding(variant.name(), BARE, note));
      }
      results.add(
          turns.has(EAGER)
              ? rounds.finding(Variant.ALL.get(0).name(), EAGER, note)
              : Finding.missing(name(), EAGER, Quantity.MILLISECONDS, noEager));
    } finally {
      connections.forEach(LoadClient::close);
    }
  }

  /** Milliseconds a step. */
  private static double request(LoadClient connection, int steps)
      throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Call call = connection.start(Requests.ofSteps(steps, Lab.SEED));
    try {
      Call.Outcome outcome = call.outcome().get(CAP_SECONDS, TimeUnit.SECONDS);
      if (outcome.code() != Status.Code.OK) {
        throw new IOException("one request: " + outcome.code() + " (expected: OK)");
      }
      return (outcome.nanos() - begin) / 1e6 / steps;
    } catch (ExecutionException | TimeoutException e) {
      call.cancel();
      throw new IOException("one request: not done after " + CAP_SECONDS + " s", e);
    }
  }
}
