package dev.ancestral.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bench.load.Latencies;
import dev.ancestral.bench.load.OpenLoop;
import dev.ancestral.bench.process.Variant;
import dev.ancestral.bench.report.Comparison;
import dev.ancestral.bench.report.Finding;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MixedFindingsTest {
  private static final List<double[]> SEEDS =
      List.of(new double[] {1, 2, 3}, new double[] {10, 20}, new double[] {});

  private static OpenLoop.Result result(int requests, int slowness) {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= requests; i++) {
      latencies.add(Duration.ofMillis((long) i * slowness));
    }
    return new OpenLoop.Result(latencies, 0, Map.of(), 1, 100);
  }

  @Test
  void aPercentileIsOfTheRequestsOfAllChosenSeeds() {
    assertEquals(3, MixedFindings.percentile(50, SEEDS, new int[] {0, 1, 2}));
    assertEquals(20, MixedFindings.percentile(99, SEEDS, new int[] {0, 1, 2}));
    assertEquals(2, MixedFindings.percentile(50, SEEDS, new int[] {0}));
    assertEquals(3, MixedFindings.percentile(99, SEEDS, new int[] {0, 0}));
    assertEquals(1, MixedFindings.percentile(0, SEEDS, new int[] {0, 1}));
  }

  @Test
  void aVariantThatIsTwiceAsFastInEverySeedIsTwiceAsGood() {
    MixedFindings findings = new MixedFindings("mixed-70", 0.7, 140);
    for (int seed = 1; seed <= 4; seed++) {
      findings.add(Variant.ALL.get(0), result(100 * seed, 1));
      findings.add(Variant.ALL.get(1), result(100 * seed, 2));
    }
    Results results = new Results();
    findings.report(results);
    Finding p99 =
        results.findings().stream()
            .filter(finding -> finding.subject().startsWith("p99"))
            .findFirst()
            .orElseThrow();
    Comparison comparison = Objects.requireNonNull(p99.against());
    assertEquals(2, comparison.times(), 0.01);
    assertEquals(2, comparison.interval().low(), 0.01);
    assertEquals(2, comparison.interval().high(), 0.01);
    assertEquals(4, comparison.rounds());
    assertTrue(p99.note().startsWith("1000 requests, 70 % of 140 steps/s"), p99.note());
  }
}
