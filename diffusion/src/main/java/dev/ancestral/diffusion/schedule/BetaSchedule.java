package dev.ancestral.diffusion.schedule;

import java.util.Map;
import java.util.function.ToDoubleFunction;

/** A named family of noise schedules. One file each; stateless. */
public interface BetaSchedule {
  /** The name a configuration gives it. */
  String name();

  /** Its arguments with their defaults, in the order to show them. */
  Map<String, Double> defaults();

  /**
   * The betas.
   *
   * @param timesteps T, at least 1
   * @param argument a value for every name in {@link #defaults()}
   * @throws IllegalArgumentException when the arguments give a beta outside (0, 1)
   */
  double[] betas(int timesteps, ToDoubleFunction<String> argument);
}
