package dev.ancestral.diffusion.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * β_i = min(1 - f((i+1)/T)/f(i/T), max_beta) with f(u) = cos²((u + offset)/(1 + offset)·π/2)
 * (Nichol and Dhariwal 2021, eq. 17); diffusers calls it {@code squaredcos_cap_v2}.
 */
final class CosineSchedule implements BetaSchedule {
  @Override
  public String name() {
    return "squaredcos_cap_v2";
  }

  @Override
  public Map<String, Double> defaults() {
    Map<String, Double> defaults = new LinkedHashMap<>();
    defaults.put("offset", 0.008);
    defaults.put("max_beta", 0.999);
    return defaults;
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    double offset = argument.applyAsDouble("offset");
    return BetaSchedules.fromAlphaBar(
        timesteps, u -> alphaBar(u, offset), argument.applyAsDouble("max_beta"));
  }

  private static double alphaBar(double u, double offset) {
    double cosine = Math.cos((u + offset) / (1 + offset) * Math.PI / 2);
    return cosine * cosine;
  }
}
