package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Arrival;
import dev.ancestral.bench.load.Latencies;
import dev.ancestral.bench.load.LoadClient;
import dev.ancestral.bench.load.OpenLoop;
import dev.ancestral.bench.load.Workload;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Plot;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Requests of 10 to 250 steps that arrive as they like, at a share of what ONNX Runtime alone can
 * do. Every variant gets the same requests at the same times.
 */
final class MixedLoad implements Scenario {
  private static final List<Integer> PERCENTILES = List.of(50, 90, 99);

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
    Pace pace = lab.pace();
    Map<Variant, Latencies> merged = new LinkedHashMap<>();
    Map<Integer, Rounds> latencies = new LinkedHashMap<>();
    PERCENTILES.forEach(p -> latencies.put(p, new Rounds(name, Quantity.MILLISECONDS)));
    Rounds throughput = new Rounds(name, Quantity.STEPS_PER_SECOND);
    Map<Variant, Integer> unfinished = new LinkedHashMap<>();
    double capacity = lab.capacity();
    List<List<Arrival>> stretches = new ArrayList<>();
    for (int i = 0; i < pace.stretches(); i++) {
      stretches.add(Workload.mixed(pace.stretch(), capacity, share, Lab.SEED + i));
    }
    for (List<Arrival> arrivals : stretches) {
      for (Variant variant : Variant.ALL) {
        OpenLoop.Result result;
        try (LoadClient connection = lab.connect(variant)) {
          result = OpenLoop.run(connection, arrivals, pace.grace());
        }
        Lab.settle();
        if (!result.failures().isEmpty()) {
          throw new IOException(
              "%s: requests failed: %s (expected: none)"
                  .formatted(variant.name(), result.failures()));
        }
        merged.computeIfAbsent(variant, ignored -> new Latencies()).addAll(result.latencies());
        latencies.forEach(
            (p, rounds) -> rounds.add(subject(p, variant), result.latencies().milliseconds(p)));
        throughput.add(subject(variant), result.stepsPerSecond());
        unfinished.merge(variant, result.unfinished(), Integer::sum);
      }
    }
    int requests = stretches.stream().mapToInt(List::size).sum();
    String note = "%d requests, capacity %.0f steps/s".formatted(requests, capacity);
    latencies.forEach(
        (p, rounds) -> compare(results, rounds, note, variant -> subject(p, variant)));
    compare(results, throughput, note, MixedLoad::subject);
    unfinished.forEach(
        (variant, count) ->
            results.add(
                Finding.of(
                    name, "cut off, " + variant.name(), Quantity.COUNT, count, "of " + requests)));
    results.add(plot(merged));
  }

  private static String subject(int percentile, Variant variant) {
    return "p%d, %s".formatted(percentile, variant.name());
  }

  private static String subject(Variant variant) {
    return "throughput, " + variant.name();
  }

  private static void compare(
      Results results, Rounds rounds, String note, Function<Variant, String> subject) {
    List<Variant> all = Variant.ALL;
    String ours = subject.apply(all.get(0));
    if (all.size() == 1) {
      results.add(rounds.finding(ours, note));
    }
    for (Variant baseline : all.subList(1, all.size())) {
      results.add(rounds.finding(ours, subject.apply(baseline), note));
    }
  }

  private Plot plot(Map<Variant, Latencies> all) {
    List<Plot.Curve> curves = new ArrayList<>();
    all.forEach(
        (variant, latencies) -> {
          List<Latencies.Point> points = latencies.points();
          curves.add(
              new Plot.Curve(
                  variant.name(),
                  points.stream().map(Latencies.Point::percentile).toList(),
                  points.stream().map(Latencies.Point::milliseconds).toList()));
        });
    return new Plot(
        name,
        "Latency of mixed requests at %.0f %% of capacity".formatted(100 * share),
        "percentile",
        "ms",
        true,
        curves);
  }
}
