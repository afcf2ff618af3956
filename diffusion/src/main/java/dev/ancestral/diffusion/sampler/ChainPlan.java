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
 * @param steps the steps in the order they run, at least one; none reads more of the history than
 *     the steps before it left there
 * @param clipsResult whether the state after the last step is clipped, too, as estimates are
 */
public record ChainPlan(
    String sampler, double initialScale, Clipping clipping, List<Step> steps, boolean clipsResult) {
  /** Copies the steps. */
  public ChainPlan {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("steps: none (expected: at least 1)");
    }
    for (int i = 0; i < Math.min(Past.MOST, steps.size()); i++) {
      int depth = steps.get(i).past().depth();
      if (depth > i) {
        throw new IllegalArgumentException(
            "steps[%d]: reads %d entries of the history (expected: at most %d)"
                .formatted(i, depth, i));
      }
    }
    if (!(initialScale > 0 && Double.isFinite(initialScale))) {
      throw new IllegalArgumentException(
          "initial scale: %s (expected: above 0)".formatted(initialScale));
    }
  }

  /** A chain whose result is what its last step gives. */
  public ChainPlan(String sampler, double initialScale, Clipping clipping, List<Step> steps) {
    this(sampler, initialScale, clipping, steps, false);
  }

  /** The same chain with another clipping. */
  public ChainPlan withClipping(Clipping other) {
    return new ChainPlan(sampler, initialScale, other, steps, clipsResult);
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
   * How many entries of the history each sample has to keep, 0..{@value Past#MOST}: as many as the
   * step reads that reads furthest back.
   */
  public int historyLength() {
    return steps.stream().mapToInt(step -> step.past().depth()).max().orElse(0);
  }

  /** Whether any step reads the variance half of the network's output. */
  public boolean usesVariance() {
    return steps.stream().anyMatch(Step::usesVariance);
  }

  /** Whether the network has to take fractional timesteps. */
  public boolean hasFractionalTimesteps() {
    return steps.stream().anyMatch(step -> step.timestep() != Math.rint(step.timestep()));
  }

  /** Makes the state after the last step the chain's result, in place. */
  public void finish(float[] state) {
    if (clipsResult) {
      clipping.apply(state);
    }
  }
}
