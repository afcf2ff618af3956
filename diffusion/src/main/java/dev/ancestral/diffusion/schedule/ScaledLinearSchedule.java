package dev.ancestral.diffusion.schedule;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The linear schedule with both ends scaled by 1000/T, so that ᾱ_T stays what it is at T = 1000
 * (Nichol and Dhariwal 2021, {@code get_named_beta_schedule}). Not the {@code scaled_linear} of
 * diffusers, which is quadratic.
 */
final class ScaledLinearSchedule implements BetaSchedule {
  @Override
  public String name() {
    return "linear_scaled_to_timesteps";
  }

  @Override
  public Map<String, Double> defaults() {
    return BetaSchedules.ends(1e-4, 0.02);
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    double scale = 1000.0 / timesteps;
    double end = scale * argument.applyAsDouble("beta_end");
    if (end >= 1) {
      throw new IllegalArgumentException(
          "timesteps: %d gives beta_end %s after scaling by 1000/T (expected: below 1, so more than %d timesteps)"
              .formatted(
                  timesteps, end, (int) Math.floor(1000 * argument.applyAsDouble("beta_end"))));
    }
    return BetaSchedules.linspace(scale * argument.applyAsDouble("beta_start"), end, timesteps);
  }
}
