package dev.ancestral.diffusion.schedule;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * √β linear in t from √{@code beta_start} to √{@code beta_end}; diffusers calls it {@code
 * scaled_linear}.
 */
final class QuadraticSchedule implements BetaSchedule {
  @Override
  public String name() {
    return "scaled_linear";
  }

  @Override
  public Map<String, Double> defaults() {
    return BetaSchedules.ends(1e-5, 1e-2);
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    double[] betas =
        BetaSchedules.linspace(
            Math.sqrt(argument.applyAsDouble("beta_start")),
            Math.sqrt(argument.applyAsDouble("beta_end")),
            timesteps);
    for (int t = 0; t < timesteps; t++) {
      betas[t] *= betas[t];
    }
    return betas;
  }
}
