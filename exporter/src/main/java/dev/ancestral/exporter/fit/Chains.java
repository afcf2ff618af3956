package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs chains without noise on a {@link Network}, all in step. */
final class Chains {
  private static final float[] NO_NOISE = {};

  private final Network network;

  Chains(Network network) {
    this.network = network;
  }

  /** Told of the states before each step, and of the results. The arrays change afterwards. */
  private interface Watcher {
    void see(float[][] x);
  }

  /** The results, [chain][element]. */
  float[][] run(ChainPlan plan, Draws draws, double guidance) {
    return run(plan, draws, guidance, x -> {});
  }

  /**
   * A teacher's chains with their states.
   *
   * @param plan of DDIM, whose timesteps are trained ones
   */
  TeacherChains watch(ChainPlan plan, NoiseSchedule schedule, Draws draws, double guidance) {
    List<NoiseLevel> levels = new ArrayList<>();
    for (double timestep : plan.timesteps()) {
      levels.add(schedule.levelAt(timestep));
    }
    levels.add(NoiseLevel.CLEAN);
    List<float[][]> states = new ArrayList<>();
    run(
        plan,
        draws,
        guidance,
        x -> states.add(Arrays.stream(x).map(float[]::clone).toArray(float[][]::new)));
    return new TeacherChains(levels, states);
  }

  private float[][] run(ChainPlan plan, Draws draws, double guidance, Watcher watcher) {
    float[][] x = draws.start(plan.initialScale());
    int elements = x[0].length;
    float[][][] histories = new float[x.length][plan.historyLength()][elements];
    float[] estimate = new float[elements];
    for (Step step : plan.steps()) {
      watcher.see(x);
      float[][] m = network.predict(x, step.timestep(), draws.labels(), guidance);
      for (int chain = 0; chain < x.length; chain++) {
        UniversalStep.apply(
            step, plan.clipping(), x[chain], m[chain], 0, 0, histories[chain], estimate, NO_NOISE);
      }
    }
    for (float[] row : x) {
      plan.finish(row);
    }
    watcher.see(x);
    return x;
  }
}
