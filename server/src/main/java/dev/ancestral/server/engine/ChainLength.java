package dev.ancestral.server.engine;

import dev.ancestral.diffusion.sampler.ChainPlan;
import java.util.List;

/**
 * How many steps a call of the {@link DeviceChain} takes. Pure.
 *
 * <p>All of a batch's trajectories take as many, so: none passes a step that somebody wants to see,
 * or its last; and no call takes so long that those who come meanwhile would wait for it.
 */
final class ChainLength {
  /** The longest that newcomers, and those who cancel, wait for a call of several steps. */
  static final double MOST_MILLIS = 50;

  /** A longer chain than this share above the best time of a step buys little. */
  private static final double NEAR = 1.05;

  private ChainLength() {}

  /**
   * What one step costs in a call of so many.
   *
   * @param steps in the call
   * @param millis of each of them
   */
  record Cost(int steps, double millis) {}

  /**
   * The fewest steps whose time is near the best; 1 where none is faster than a call of its own.
   *
   * @param singleMillis of a step that is a call of its own
   * @param costs of steps within a chain, by their number
   */
  static int worthwhile(double singleMillis, List<Cost> costs) {
    double best = costs.stream().mapToDouble(Cost::millis).reduce(singleMillis, Math::min);
    if (singleMillis <= NEAR * best) {
      return 1;
    }
    return costs.stream()
        .filter(cost -> cost.millis() <= NEAR * best)
        .mapToInt(Cost::steps)
        .min()
        .orElse(1);
  }

  /**
   * Steps that this batch takes in its next call; 1 means the network alone.
   *
   * @param most that are worthwhile
   * @param stepMillis what a step of so many rows costs
   */
  static int of(Batch batch, int most, double stepMillis) {
    int steps = Math.min(most, (int) Math.min(most, MOST_MILLIS / stepMillis));
    for (int i = 0; i < batch.size() && steps > 1; i++) {
      Trajectory trajectory = batch.get(i);
      ChainPlan plan = trajectory.plan();
      steps =
          DeviceChain.expressible(plan, trajectory.guidance())
              ? Math.min(steps, trajectory.stepsUnseen())
              : 1;
    }
    return Math.max(1, steps);
  }
}
