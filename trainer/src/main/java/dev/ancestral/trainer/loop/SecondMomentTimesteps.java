package dev.ancestral.trainer.loop;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Importance sampling (Nichol and Dhariwal 2021, section 3.3): p(t) ∝ √E[L_t²] over the last ten
 * losses at t, mixed with a thousandth of the uniform distribution so that none is forgotten; a row
 * counts 1/(T·p(t)). Uniform until every timestep has ten losses.
 */
final class SecondMomentTimesteps implements TimestepSource {
  private static final int DEPTH = 10;
  private static final double UNIFORM_SHARE = 0.001;

  private LossHistory history;

  SecondMomentTimesteps(int count) {
    this.history = LossHistory.empty(count, DEPTH);
  }

  @Override
  public void draw(RandomGenerator random, int[] timesteps, float[] weights) {
    double[] probabilities = probabilities();
    double[] cumulative = new double[probabilities.length];
    double sum = 0;
    for (int t = 0; t < cumulative.length; t++) {
      sum += probabilities[t];
      cumulative[t] = sum;
    }
    for (int row = 0; row < timesteps.length; row++) {
      int found = Arrays.binarySearch(cumulative, random.nextDouble() * sum);
      // A value that falls on a boundary belongs to the next timestep.
      int t = Math.min(found >= 0 ? found + 1 : -found - 1, cumulative.length - 1);
      timesteps[row] = t;
      weights[row] = (float) (1 / (cumulative.length * probabilities[t]));
    }
  }

  /** p(t), t = 0..T-1. */
  private double[] probabilities() {
    double[] p = new double[history.timesteps()];
    Arrays.fill(p, 1.0 / p.length);
    if (!history.isFull()) {
      return p;
    }
    double sum = 0;
    for (int t = 0; t < p.length; t++) {
      sum += history.rootMeanSquare(t);
    }
    if (!(sum > 0)) {
      return p;
    }
    for (int t = 0; t < p.length; t++) {
      p[t] = (1 - UNIFORM_SHARE) * history.rootMeanSquare(t) / sum + UNIFORM_SHARE / p.length;
    }
    return p;
  }

  @Override
  public void observe(int[] timesteps, float[] losses) {
    for (int row = 0; row < timesteps.length; row++) {
      history.add(timesteps[row], losses[row]);
    }
  }

  @Override
  public @Nullable LossHistory history() {
    return history.copy();
  }

  @Override
  public void restore(@Nullable LossHistory saved) {
    if (saved == null || saved.depth() != DEPTH || saved.timesteps() != history.timesteps()) {
      throw new IllegalArgumentException(
          "loss.timesteps: second_moment without its history (expected: the last %d losses at each of %d timesteps)"
              .formatted(DEPTH, history.timesteps()));
    }
    history = saved.copy();
  }
}
