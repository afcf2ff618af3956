package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The real planner in virtual time: a call of b rows takes what the curve says, and nothing else
 * takes any.
 */
final class SimulatedEngine {
  /** A request of one sample. */
  record Arrival(double millis, int steps) {}

  /**
   * What became of them, without the first tenth, which found an empty server.
   *
   * @param p50 median latency in ms
   * @param p99 99th percentile in ms
   * @param perSecond samples finished a second, while requests kept coming
   * @param left requests that were not done when the last one came
   */
  record Outcome(double p50, double p99, double perSecond, double left) {
    static Outcome mean(List<Outcome> outcomes) {
      return new Outcome(
          outcomes.stream().mapToDouble(Outcome::p50).average().orElseThrow(),
          outcomes.stream().mapToDouble(Outcome::p99).average().orElseThrow(),
          outcomes.stream().mapToDouble(Outcome::perSecond).average().orElseThrow(),
          outcomes.stream().mapToDouble(Outcome::left).average().orElseThrow());
    }

    @Override
    public String toString() {
      return "p50 %8.2f s  p99 %8.2f s  %7.3f samples/s  left %6.1f"
          .formatted(p50 / 1e3, p99 / 1e3, perSecond, left);
    }
  }

  private static final Map<Integer, ChainPlan> PLANS = new HashMap<>();

  private final CostCurve curve;
  private final BatchPlanner planner;
  private final float[] estimate = new float[1];
  private final float[] predictions = new float[1];
  private final List<double[]> finished = new ArrayList<>();
  private double now;

  private SimulatedEngine(CostCurve curve, BatchingPolicy policy) {
    this.curve = curve;
    this.planner = new BatchPlanner(new EngineLimits(curve.maxRows(), Integer.MAX_VALUE), policy);
  }

  /** Poisson arrivals whose work is this share of what the curve's peak gets done. */
  static List<Arrival> poisson(
      CostCurve curve, List<Integer> mix, double load, int count, Random random) {
    double meanSteps = mix.stream().mapToInt(Integer::intValue).average().orElseThrow();
    double gap = meanSteps * curve.peakMillisPerRow() / load;
    List<Arrival> arrivals = new ArrayList<>();
    double time = 0;
    for (int i = 0; i < count; i++) {
      time -= gap * Math.log(1 - random.nextDouble());
      arrivals.add(new Arrival(time, mix.get(random.nextInt(mix.size()))));
    }
    return arrivals;
  }

  static Outcome run(CostCurve curve, BatchingPolicy policy, List<Arrival> arrivals) {
    return new SimulatedEngine(curve, policy).run(arrivals);
  }

  private Outcome run(List<Arrival> arrivals) {
    int next = 0;
    while (finished.size() < arrivals.size()) {
      while (next < arrivals.size() && arrivals.get(next).millis() <= now) {
        planner.admit(List.of(cohort(next, arrivals.get(next))));
        next++;
      }
      Batch batch = planner.plan(curve);
      if (batch.isEmpty()) {
        now = arrivals.get(next).millis();
        continue;
      }
      now += curve.millis(batch.rows().size());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).begin(estimate);
        batch.get(i).advance(predictions, 0, 1, estimate);
      }
      planner.retire();
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).deliver();
      }
    }
    return outcome(arrivals);
  }

  private Cohort cohort(int request, Arrival arrival) {
    ChainPlan plan =
        PLANS.computeIfAbsent(
            arrival.steps(),
            steps ->
                new ChainPlan(
                    "none",
                    1,
                    Clipping.NONE,
                    Collections.nCopies(steps, Step.estimating(0, 1, 0).plusX0(1))));
    return new Cohort(
        Chains.request(plan, 0, 1, 0),
        Urgency.USUAL,
        new ForwardingListener(new RecordingListener()) {
          @Override
          public void onSample(int sample, float[] data) {
            finished.add(new double[] {request, now});
          }
        },
        1,
        arrival.millis());
  }

  private Outcome outcome(List<Arrival> arrivals) {
    double lastArrival = arrivals.get(arrivals.size() - 1).millis();
    int warmUp = arrivals.size() / 10;
    double[] latencies =
        finished.stream()
            .filter(end -> end[0] >= warmUp)
            .mapToDouble(end -> end[1] - arrivals.get((int) end[0]).millis())
            .sorted()
            .toArray();
    long inTime = finished.stream().filter(end -> end[1] <= lastArrival).count();
    return new Outcome(
        percentile(latencies, 0.5),
        percentile(latencies, 0.99),
        inTime / lastArrival * 1e3,
        arrivals.size() - inTime);
  }

  private static double percentile(double[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }
}
