package dev.ancestral.trainer.loss;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.likelihood.ReverseKernel;
import dev.ancestral.diffusion.likelihood.VariationalBound;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * What is learned, whatever the loss.
 *
 * @param schedule the forward process
 * @param prediction what the network's first head estimates
 * @param variance of p(x_{t-1} | x_t)
 * @param data shape, range and levels of a sample
 */
public record LossTask(
    NoiseSchedule schedule, PredictionType prediction, Variance variance, DataSpec data) {

  int timesteps() {
    return schedule.timesteps();
  }

  VariationalBound bound() {
    return new VariationalBound(schedule);
  }

  ReverseKernel kernel(int t) {
    return ReverseKernel.of(schedule, prediction, variance, t);
  }

  /** Factor of the output in the estimate of x0. */
  double x0FromOutput(int t) {
    return prediction.x0FromOutput(schedule.transition(t));
  }

  /**
   * Refuses a fixed variance.
   *
   * @param type of the loss, for the message
   */
  void requireLearnedVariance(String type) {
    if (!variance.isLearned()) {
      throw new IllegalArgumentException(
          "loss.type: %s with sampling.variance %s (expected: learned_range or learned)"
              .formatted(type, variance.label()));
    }
  }
}
