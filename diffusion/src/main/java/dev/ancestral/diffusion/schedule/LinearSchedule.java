package dev.ancestral.diffusion.schedule;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * β linear in t from {@code beta_start} to {@code beta_end} (Ho et al. 2020, section 4), whatever T
 * is.
 */
final class LinearSchedule implements BetaSchedule {
  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Map<String, Double> defaults() {
    return BetaSchedules.ends(1e-4, 0.02);
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    return BetaSchedules.linspace(
        argument.applyAsDouble("beta_start"), argument.applyAsDouble("beta_end"), timesteps);
  }
}
