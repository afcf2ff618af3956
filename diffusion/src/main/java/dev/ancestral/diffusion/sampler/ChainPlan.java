package dev.ancestral.diffusion.sampler;

import java.util.List;

/**
 * A whole reverse chain, decided before it starts: the steps from x_T to x_0 and the scale of x_T.
 *
 * <p>Immutable; shared by all samples of a request. Position i is a step, not a timestep.
 *
 * @param sampler the name of the sampler that made it
 * @param initialScale standard deviation of x_T: 1 for variance-preserving chains
 * @param clip bounds of each estimate of x0
 * @param steps the steps in the order they run, at least one
 */
public record ChainPlan(String sampler, double initialScale, ClipRange clip, List<Step> steps) {
  /** Copies the steps. */
  public ChainPlan {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("steps: none (expected: at least 1)");
    }
  }

  /** N, the number of steps. */
  public int length() {
    return steps.size();
  }

  /** The timestep the network is given at each step. */
  public double[] timesteps() {
    return steps.stream().mapToDouble(Step::timestep).toArray();
  }
}
