package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.Section;
import java.util.Map;

/**
 * What the losses of score matching have in common: the network predicts the score, and a level of
 * noise counts σ² (Song and Ermon 2019, section 4.2), so that no level drowns the others.
 */
final class ScoreMatching {
  private ScoreMatching() {}

  /**
   * Checks that a score is predicted, and that the loss has no settings.
   *
   * @param type of the loss, for messages
   */
  static void check(String type, Map<String, Object> settings, LossTask task) {
    new Section(LossConfig.SETTINGS, settings).finish();
    if (task.prediction() != PredictionType.SCORE) {
      throw new IllegalArgumentException(
          "prediction_type: %s with loss.type %s (expected: %s)"
              .formatted(task.prediction().label(), type, PredictionType.SCORE.label()));
    }
  }

  /** σ² at every timestep. */
  static Table weights(String type, LossTask task) {
    return Table.of(
        "loss.type " + type,
        task.timesteps(),
        t -> task.schedule().sigma(t) * task.schedule().sigma(t));
  }

  /** Numbers of rows, f32 [rows], times σ². */
  static NDArray weighted(TrainingRows rows, Table weights, NDArray numbers) {
    return numbers.mul(rows.column(weights).reshape(rows.count()));
  }
}
