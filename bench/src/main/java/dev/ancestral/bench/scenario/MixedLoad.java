package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Arrival;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.OpenLoop;
import dev.ancestral.bench.load.Workload;
import dev.ancestral.bench.process.Variant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Requests of 10 to 250 steps that arrive as they like, at a share of what the servers can do. For
 * each seed every variant gets the same requests at the same times, one right after the other.
 */
final class MixedLoad implements Scenario {
  private final String name;
  private final double share;

  MixedLoad(String name, double share) {
    this.name = name;
    this.share = share;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "requests of 10 to 250 steps in an open loop at %.0f %% of capacity: latencies"
        .formatted(100 * share);
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    MixedPace pace = lab.pace().mixed();
    Capacity capacity = Capacity.measure(lab);
    capacity.report(name, results);
    MixedFindings findings = new MixedFindings(name, share, capacity.stepsPerSecond());
    List<Variant> order = new ArrayList<>(Variant.ALL);
    for (int i = 0; i < pace.seeds(); i++) {
      List<Arrival> arrivals =
          Workload.mixed(pace.stretch(), capacity.stepsPerSecond(), share, Lab.SEED + i);
      for (Variant variant : order) {
        findings.add(variant, run(lab, variant, arrivals));
      }
      Collections.reverse(order);
    }
    findings.report(results);
    capacity.reportAgain(lab, name, results);
  }

  private static OpenLoop.Result run(Lab lab, Variant variant, List<Arrival> arrivals)
      throws IOException, InterruptedException {
    MixedPace pace = lab.pace().mixed();
    try (LoadClient connection = lab.connect(variant)) {
      OpenLoop.Result result = OpenLoop.run(connection, arrivals, pace.warmUp(), pace.grace());
      if (!result.failures().isEmpty()) {
        throw new IOException(
            "%s: requests failed: %s (expected: none)"
                .formatted(variant.name(), result.failures()));
      }
      return result;
    } finally {
      Lab.rest();
    }
  }
}
