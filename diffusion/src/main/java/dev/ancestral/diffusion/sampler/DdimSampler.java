package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.List;

/**
 * DDIM(η) (Song et al. 2021, eq. 12 and 16).
 *
 * <p>With A = ᾱ at this timestep, P = ᾱ at the next one visited (1 after the last), S =
 * η√((1-P)/(1-A)·(1-A/P)) and D = √max(0, 1-P-S²), the next state is √P·x0 + D·ε + S·z, where ε is
 * either derived again from the clipped x0, ε = (x - √A·x0)/√(1-A), or the network's own, written
 * as ex·x + em·m.
 */
final class DdimSampler implements Sampler {
  private static final int DEFAULT_STEPS = 50;

  @Override
  public String name() {
    return "ddim";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Math.min(DEFAULT_STEPS, timesteps);
  }

  @Override
  public ChainPlan plan(NoiseSchedule schedule, PredictionType prediction, SamplerOptions options) {
    int[] visited = options.spacing().timesteps(schedule.timesteps(), options.steps());
    List<Step> steps = new ArrayList<>(visited.length);
    for (int i = 0; i < visited.length; i++) {
      int t = visited[i];
      double a = schedule.alphaBar(t);
      double p = i == visited.length - 1 ? 1 : schedule.alphaBar(visited[i + 1]);
      double s = options.eta() * Math.sqrt((1 - p) / (1 - a) * (1 - a / p));
      double d = Math.sqrt(Math.max(0, 1 - p - s * s));
      double alpha = Math.sqrt(a);
      double sigma = Math.sqrt(1 - a);
      double ax = prediction.x0FromState(alpha, sigma);
      double am = prediction.x0FromOutput(alpha, sigma);
      if (options.rederiveEpsilon()) {
        double b0 = Math.sqrt(p) - d * alpha / sigma;
        steps.add(new Step(t, ax, am, b0, d / sigma, 0, s));
      } else {
        // ε = (x - α·x0)/σ with the unclipped x0 = ax·x + am·m.
        double ex = (1 - alpha * ax) / sigma;
        double em = -alpha * am / sigma;
        steps.add(new Step(t, ax, am, Math.sqrt(p), d * ex, d * em, s));
      }
    }
    return new ChainPlan(name(), 1, options.clip(), steps);
  }
}
