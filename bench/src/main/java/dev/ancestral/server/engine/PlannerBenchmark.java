package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Step;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The decision which rows run next, with so many requests of one sample waiting. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlannerBenchmark {
  /** Requests that run or wait. */
  @Param({"1", "32", "1000"})
  public int requests;

  private final BatchPlanner planner = new BatchPlanner(EngineLimits.DEFAULTS);
  private final CostCurve curve = CostCurve.assumed(EngineLimits.DEFAULT_MAX_ROWS);

  /** Requests of 10 to 250 steps. */
  @Setup
  public void prepare() {
    for (int i = 0; i < requests; i++) {
      List<Step> steps = Collections.nCopies(10 + i * 37 % 241, Step.estimating(0, 1, 0).plusX0(1));
      ChainRequest request =
          new ChainRequest(
              new ChainPlan("ddim", 1, ClipRange.UNIT, steps),
              i,
              1,
              List.of(0),
              null,
              FramePlan.NONE);
      planner.admit(List.of(new Cohort(request, Urgency.USUAL, new Deaf(), 1, i)));
    }
  }

  /** One plan. */
  @Benchmark
  public Object plan() {
    return planner.plan(curve);
  }

  /** Takes everything and does nothing. */
  private static final class Deaf implements SampleListener {
    @Override
    public void onBegin() {}

    @Override
    public void onProgress(long stepsDone, long stepsTotal) {}

    @Override
    public void onFrame(
        int sample,
        int step,
        double timestep,
        float @Nullable [] state,
        float @Nullable [] estimate) {}

    @Override
    public void onSample(int sample, float[] data) {}

    @Override
    public void onDone(RunStatistics statistics) {}

    @Override
    public void onFailure(EngineException failure) {}

    @Override
    public boolean mayStep() {
      return true;
    }

    @Override
    public int undelivered() {
      return 0;
    }
  }
}
