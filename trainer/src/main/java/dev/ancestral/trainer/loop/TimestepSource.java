package dev.ancestral.trainer.loop;

import dev.ancestral.trainer.config.TimestepChoice;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which timesteps a batch is trained on, and how much each counts, so that the mean of weighted
 * losses estimates the mean over all timesteps. Not thread-safe.
 */
interface TimestepSource {
  /** The source of this kind before the first iteration. */
  static TimestepSource of(TimestepChoice choice, int timesteps) {
    return switch (choice) {
      case UNIFORM -> new UniformTimesteps(timesteps);
      case ANTITHETIC -> new AntitheticTimesteps(timesteps);
      case SECOND_MOMENT -> new SecondMomentTimesteps(timesteps);
    };
  }

  /**
   * Draws one for each row.
   *
   * @param timesteps receives t, 0..T-1
   * @param weights receives what each row's loss is to be multiplied with
   */
  void draw(RandomGenerator random, int[] timesteps, float[] weights);

  /**
   * Learns from what was drawn.
   *
   * @param losses of the rows, unweighted
   */
  void observe(int[] timesteps, float[] losses);

  /** A copy of what the next draw depends on besides the random numbers; null for nothing. */
  @Nullable LossHistory history();

  /**
   * Goes on from a history.
   *
   * @throws IllegalArgumentException if it is not one of this kind of source
   */
  void restore(@Nullable LossHistory history);
}
