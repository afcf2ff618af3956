package dev.ancestral.diffusion.schedule;

import java.util.Arrays;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The same β at every timestep. */
final class ConstantSchedule implements BetaSchedule {
  @Override
  public String name() {
    return "constant";
  }

  @Override
  public Map<String, Double> defaults() {
    return Map.of("beta", 0.035);
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    double[] betas = new double[timesteps];
    Arrays.fill(betas, argument.applyAsDouble("beta"));
    return betas;
  }
}
