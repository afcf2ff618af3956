package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * Ancestral sampling (Ho et al. 2020, algorithm 2), through the estimate of x0 (eq. 7), so that it
 * can be clipped.
 *
 * <p>With A = ᾱ at this timestep, P = ᾱ at the next one visited (1 after the last), a = A/P and β =
 * 1 - a:
 *
 * <pre>
 * b0 = √P·β/(1-A)    bx = √a·(1-P)/(1-A)    bz = √β̃ or √β,  β̃ = β(1-P)/(1-A);  no noise at the last step
 * </pre>
 */
final class DdpmSampler implements Sampler {
  @Override
  public String name() {
    return "ddpm";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return timesteps;
  }

  @Override
  public ChainPlan plan(NoiseSchedule schedule, PredictionType prediction, SamplerOptions options) {
    int[] visited = options.spacing().timesteps(schedule.timesteps(), options.steps());
    List<Step> steps = new ArrayList<>(visited.length);
    for (int i = 0; i < visited.length; i++) {
      int t = visited[i];
      boolean last = i == visited.length - 1;
      double a = schedule.alphaBar(t);
      double p = last ? 1 : schedule.alphaBar(visited[i + 1]);
      double alpha = a / p;
      double beta = 1 - alpha;
      double variance =
          switch (options.variance()) {
            case FIXED_SMALL -> beta * (1 - p) / (1 - a);
            case FIXED_LARGE -> beta;
          };
      steps.add(
          new Step(
              t,
              prediction.x0FromState(Math.sqrt(a), Math.sqrt(1 - a)),
              prediction.x0FromOutput(Math.sqrt(a), Math.sqrt(1 - a)),
              Math.sqrt(p) * beta / (1 - a),
              Math.sqrt(alpha) * (1 - p) / (1 - a),
              0,
              last ? 0 : Math.sqrt(variance)));
    }
    return new ChainPlan(name(), 1, options.clip(), steps);
  }
}
