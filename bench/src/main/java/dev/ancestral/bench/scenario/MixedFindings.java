package dev.ancestral.bench.scenario;

import dev.ancestral.bench.load.Latencies;
import dev.ancestral.bench.load.OpenLoop;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Bootstrap;
import dev.ancestral.bench.report.Comparison;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Interval;
import dev.ancestral.bench.report.Plot;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What came of a mixed load on each variant, seed by seed. Percentiles are of the requests of all
 * seeds: the 99th of a single seed's is little more than its slowest. For one thread.
 */
final class MixedFindings {
  private static final List<Integer> PERCENTILES = List.of(50, 90, 99);

  private final String scenario;
  private final double share;
  private final double capacity;
  private final Map<Variant, List<OpenLoop.Result>> results = new LinkedHashMap<>();

  /** Findings of a share of a capacity in steps a second. */
  MixedFindings(String scenario, double share, double capacity) {
    this.scenario = scenario;
    this.share = share;
    this.capacity = capacity;
  }

  /** What came of the next seed. */
  void add(Variant variant, OpenLoop.Result result) {
    results.computeIfAbsent(variant, ignored -> new ArrayList<>()).add(result);
  }

  /** Everything, once all variants have had all seeds. */
  void report(Results report) {
    Variant ours = Variant.ALL.get(0);
    for (Variant baseline : Variant.ALL.subList(1, Variant.ALL.size())) {
      PERCENTILES.forEach(percentile -> report.add(latency(percentile, ours, baseline)));
      report.add(throughput(ours, baseline));
    }
    results.forEach(
        (variant, seeds) ->
            report.add(
                Finding.of(
                    scenario,
                    "cut off, " + variant.name(),
                    Quantity.COUNT,
                    seeds.stream().mapToInt(OpenLoop.Result::unfinished).sum(),
                    "")));
    report.add(plot());
  }

  private Finding latency(int percentile, Variant ours, Variant baseline) {
    List<double[]> mine = latencies(ours);
    List<double[]> theirs = latencies(baseline);
    int seeds = mine.size();
    int[] all = IntStream.range(0, seeds).toArray();
    Interval interval =
        Bootstrap.interval(seeds, Lab.SEED, chosen -> times(percentile, mine, theirs, chosen));
    double value = percentile(percentile, mine, all);
    return new Finding(
        scenario,
        "p%d, %s".formatted(percentile, ours.name()),
        Quantity.MILLISECONDS,
        value,
        new Comparison(
            "p%d, %s".formatted(percentile, baseline.name()),
            percentile(percentile, theirs, all),
            times(percentile, mine, theirs, all),
            seeds,
            interval),
        "%d requests, %.0f %% of %.0f steps/s"
            .formatted(mine.stream().mapToInt(each -> each.length).sum(), 100 * share, capacity));
  }

  private Finding throughput(Variant ours, Variant baseline) {
    Rounds rounds = new Rounds(scenario, Quantity.STEPS_PER_SECOND);
    for (Variant variant : List.of(ours, baseline)) {
      of(variant)
          .forEach(seed -> rounds.add("throughput, " + variant.name(), seed.stepsPerSecond()));
    }
    return rounds.finding(
        "throughput, " + ours.name(),
        "throughput, " + baseline.name(),
        "from the first arrival to the end of the last request");
  }

  private List<OpenLoop.Result> of(Variant variant) {
    List<OpenLoop.Result> seeds = results.get(variant);
    if (seeds == null) {
      throw new IllegalStateException(variant.name() + ": no result (expected: one for each seed)");
    }
    return seeds;
  }

  private List<double[]> latencies(Variant variant) {
    return of(variant).stream().map(seed -> seed.latencies().each()).toList();
  }

  private static double times(
      int percentile, List<double[]> ours, List<double[]> theirs, int[] seeds) {
    return Quantity.MILLISECONDS.timesAsGood(
        percentile(percentile, ours, seeds), percentile(percentile, theirs, seeds));
  }

  /** The time within which this share was done of the requests of these seeds. */
  static double percentile(int percentile, List<double[]> milliseconds, int[] seeds) {
    double[] pooled =
        Arrays.stream(seeds)
            .boxed()
            .flatMapToDouble(seed -> Arrays.stream(milliseconds.get(seed)))
            .sorted()
            .toArray();
    if (pooled.length == 0) {
      throw new IllegalStateException("mixed load: no request (expected: at least 1)");
    }
    return pooled[(int) Math.max(0, Math.ceil(percentile / 100.0 * pooled.length) - 1)];
  }

  private Plot plot() {
    List<Plot.Curve> curves = new ArrayList<>();
    results.forEach(
        (variant, seeds) -> {
          Latencies all = new Latencies();
          seeds.forEach(seed -> all.addAll(seed.latencies()));
          List<Latencies.Point> points = all.points();
          curves.add(
              new Plot.Curve(
                  variant.name(),
                  points.stream().map(Latencies.Point::percentile).toList(),
                  points.stream().map(Latencies.Point::milliseconds).toList()));
        });
    return new Plot(
        scenario,
        "Latency of mixed requests at %.0f %% of capacity".formatted(100 * share),
        "percentile",
        "ms",
        true,
        curves);
  }
}
