package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a network's output.
 *
 * @param prediction m, f32 [rows, ...shape]
 * @param variance v, of the same shape; null where no variance is learned
 */
record Heads(NDArray prediction, @Nullable NDArray variance) {
  /** Splits an output along the first axis of a sample. */
  static Heads of(TrainingRows rows, LossTask task, NDArray output) {
    if (!task.variance().isLearned()) {
      return new Heads(output, null);
    }
    long channels = rows.sample().get(0);
    return new Heads(
        output.get(new NDIndex(":, :{}", channels)), output.get(new NDIndex(":, {}:", channels)));
  }

  /** These parts with a prediction that no gradient reaches. */
  Heads withDetachedPrediction() {
    return new Heads(prediction.stopGradient(), variance);
  }
}
