package dev.ancestral.diffusion.sampler;

import java.util.List;

/**
 * A whole reverse chain, decided before it starts: the steps from x_T to x_0 and the scale of x_T.
 *
 * <p>Immutable; shared by all samples of a request. Position i is a step, not a timestep.
 *
 * @param sampler the name of the sampler that made it
 * @param initialScale standard deviation of x_T: 1 for variance-preserving chains
 * @param clipping of each estimate of x0
 * @param steps the steps in the order they run, at least one; the first has no previous estimate
 */
public record ChainPlan(String sampler, double initialScale, Clipping clipping, List<Step> steps) {
  /** Copies the steps. */
  public ChainPlan {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("steps: none (expected: at least 1)");
    }
    if (steps.get(0).usesPrevious()) {
      throw new IllegalArgumentException(
          "steps[0]: reads a previous estimate of x0 (expected: there is none)");
    }
    if (!(initialScale > 0 && Double.isFinite(initialScale))) {
      throw new IllegalArgumentException(
          "initial scale: %s (expected: above 0)".formatted(initialScale));
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

  /** Whether any step draws noise. */
  public boolean isStochastic() {
    return steps.stream().anyMatch(Step::isStochastic);
  }

  /**
   * Whether any step reads the previous one's estimate of x0, so that each sample has to keep its
   * own; else one array serves all.
   */
  public boolean usesPrevious() {
    return steps.stream().anyMatch(Step::usesPrevious);
  }

  /** Whether any step reads the variance half of the network's output. */
  public boolean usesVariance() {
    return steps.stream().anyMatch(Step::usesVariance);
  }

  /** Whether the network has to take fractional timesteps. */
  public boolean hasFractionalTimesteps() {
    return steps.stream().anyMatch(step -> step.timestep() != Math.rint(step.timestep()));
  }
}
