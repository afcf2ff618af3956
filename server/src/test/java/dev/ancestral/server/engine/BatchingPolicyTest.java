package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.engine.SimulatedEngine.Arrival;
import dev.ancestral.server.engine.SimulatedEngine.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BatchingPolicyTest {
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L, 4L, 5L);
  private static final int REQUESTS = 3000;

  /** Each as likely; step counts that many requests share are what request batching hopes for. */
  private static final List<Integer> STEPS = List.of(10, 20, 50, 100, 250);

  /** A small U-Net on two cores: 10.2 ms for one row, 66 ms for eight. */
  private static final CostCurve CPU = curve(16, rows -> 2.3 + 7.95 * rows);

  /** One whose best batch is of four rows: what a call of it took, measured beside a client. */
  private static final CostCurve PEAKED =
      new CostCurve(
          16,
          List.of(
              new CostCurve.Point(1, 8.8),
              new CostCurve.Point(2, 15.7),
              new CostCurve.Point(4, 28.7),
              new CostCurve.Point(8, 59.7),
              new CostCurve.Point(16, 134)));

  /** A device that 16 rows fill. */
  private static final CostCurve GPU = curve(32, rows -> 10 * Math.max(1, rows / 16.0));

  private static final Map<CostCurve, String> NAMES =
      Map.of(CPU, "CPU", PEAKED, "peaked CPU", GPU, "GPU");

  private static CostCurve curve(int maxRows, IntToDoubleFunction millis) {
    return new CostCurve(
        maxRows,
        IntStream.rangeClosed(1, maxRows)
            .mapToObj(rows -> new CostCurve.Point(rows, millis.applyAsDouble(rows)))
            .toList());
  }

  private static Outcome simulate(
      String name, CostCurve curve, double load, Supplier<BatchingPolicy> policy) {
    List<Outcome> outcomes = new ArrayList<>();
    for (long seed : SEEDS) {
      List<Arrival> arrivals =
          SimulatedEngine.poisson(curve, STEPS, load, REQUESTS, new Random(seed));
      outcomes.add(SimulatedEngine.run(curve, policy.get(), arrivals));
    }
    Outcome mean = Outcome.mean(outcomes);
    System.out.printf(
        "%s, load %.2f, %-20s %s (seeds %s)%n", NAMES.get(curve), load, name, mean, SEEDS);
    return mean;
  }

  private static Outcome step(CostCurve curve, double load) {
    return simulate("step", curve, load, () -> new StepBatching(curve.maxRows()));
  }

  private static Outcome request(CostCurve curve, double load) {
    return simulate("request", curve, load, RequestBatching::new);
  }

  private static Outcome roundRobin(CostCurve curve, double load) {
    return simulate("round robin", curve, load, RoundRobin::new);
  }

  @Test
  void onACpuWithRoomToSpare_theMedianIsHalfOfRequestBatchings_andNothingElseIsWorse() {
    Outcome request = request(CPU, 0.7);
    Outcome roundRobin = roundRobin(CPU, 0.7);
    Outcome step = step(CPU, 0.7);
    assertTrue(step.p50() <= request.p50() / 2);
    assertTrue(step.p99() <= request.p99());
    assertTrue(step.perSecond() >= request.perSecond());
    assertTrue(step.p50() <= roundRobin.p50());
    assertTrue(step.p99() <= roundRobin.p99());
  }

  @Test
  void onACpuNearlyFull_itIsStable_andTheMedianIsHalfOfRequestBatchings() {
    Outcome request = request(CPU, 0.95);
    Outcome roundRobin = roundRobin(CPU, 0.95);
    Outcome step = step(CPU, 0.95);
    assertTrue(step.left() <= request.left());
    assertTrue(step.p50() <= request.p50() / 2);
    assertTrue(step.p99() <= request.p99());
    assertTrue(step.perSecond() >= request.perSecond());
    assertTrue(step.p99() <= roundRobin.p99());
  }

  @Test
  void whereMoreRowsAreSlower_aLongQueueDoesNotMakeThemSo() {
    assertEquals(4, PEAKED.peakRows());
    for (double load : new double[] {0.7, 0.95}) {
      Outcome request = request(PEAKED, load);
      Outcome step = step(PEAKED, load);
      assertTrue(step.left() <= request.left());
      assertTrue(step.p50() <= request.p50() / 2);
      assertTrue(step.p99() <= request.p99());
      assertTrue(step.perSecond() >= request.perSecond());
    }
  }

  @Test
  void onADeviceThatBatchesFill_itBatches() {
    for (double load : new double[] {0.7, 0.95}) {
      Outcome request = request(GPU, load);
      Outcome step = step(GPU, load);
      assertTrue(step.p50() <= request.p50() / 2);
      assertTrue(step.p99() <= request.p99());
      assertTrue(step.perSecond() >= request.perSecond());
    }
    assertTrue(step(GPU, 0.95).p99() <= roundRobin(GPU, 0.95).p99());
  }

  @Test
  void aSmallBatchThatDoesNotGrow_collapsesWhereItIsNearlyFull() {
    Outcome one = simulate("one row at a time", CPU, 0.95, () -> new StepBatching(1));
    Outcome step = step(CPU, 0.95);
    assertTrue(one.left() >= 10 * step.left());
    assertTrue(one.perSecond() <= 0.9 * step.perSecond());
  }

  @Test
  void ageingTradesTheMedianForTheTail() {
    Outcome before = new Outcome(Double.MAX_VALUE, 0, 0, 0);
    for (int rowSteps : new int[] {0, 250, 500, 1000, 2000, 5000, 1_000_000}) {
      Outcome outcome =
          simulate("ageing " + rowSteps, CPU, 0.95, () -> new StepBatching(16, rowSteps));
      assertTrue(outcome.p50() <= before.p50());
      assertTrue(outcome.p99() >= before.p99());
      before = outcome;
    }
  }
}
