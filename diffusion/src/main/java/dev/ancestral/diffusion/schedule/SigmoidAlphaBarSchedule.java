package dev.ancestral.diffusion.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * ᾱ(u) = (σ(e/τ) - σ((u(e-s)+s)/τ)) / (σ(e/τ) - σ(s/τ)) for u = t/T (Jabri et al. 2022, algorithm
 * 4), divided by ᾱ(0); β is capped at {@code max_beta}.
 */
final class SigmoidAlphaBarSchedule implements BetaSchedule {
  @Override
  public String name() {
    return "sigmoid_alpha_bar";
  }

  @Override
  public Map<String, Double> defaults() {
    Map<String, Double> defaults = new LinkedHashMap<>();
    defaults.put("start", -3.0);
    defaults.put("end", 3.0);
    defaults.put("tau", 1.0);
    defaults.put("max_beta", 0.999);
    return defaults;
  }

  @Override
  public double[] betas(int timesteps, ToDoubleFunction<String> argument) {
    double start = argument.applyAsDouble("start");
    double end = argument.applyAsDouble("end");
    double tau = argument.applyAsDouble("tau");
    double atEnd = BetaSchedules.logistic(end / tau);
    double range = atEnd - BetaSchedules.logistic(start / tau);
    return BetaSchedules.fromAlphaBar(
        timesteps,
        u -> (atEnd - BetaSchedules.logistic((u * (end - start) + start) / tau)) / range,
        argument.applyAsDouble("max_beta"));
  }
}
