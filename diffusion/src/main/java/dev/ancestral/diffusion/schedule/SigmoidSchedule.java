package dev.ancestral.diffusion.schedule;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * β = σ(u)·(beta_end - beta_start) + beta_start with u from -6 to 6; σ is the logistic function.
 */
final class SigmoidSchedule implements BetaSchedule {
  private static final double REACH = 6;

  @Override
  public String name() {
    return "sigmoid";
  }

  @Override
  public Map<String, Double> defaults() {
    return BetaSchedules.ends(1e-5, 1e-2);
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    double start = argument.applyAsDouble("beta_start");
    double end = argument.applyAsDouble("beta_end");
    double[] betas = BetaSchedules.linspace(-REACH, REACH, timesteps);
    for (int t = 0; t < timesteps; t++) {
      betas[t] = BetaSchedules.logistic(betas[t]) * (end - start) + start;
    }
    return betas;
  }
}
