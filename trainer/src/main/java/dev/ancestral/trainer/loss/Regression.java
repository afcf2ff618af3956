package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.config.Section;
import java.util.List;
import java.util.Map;

/**
 * A loss of the difference between output and target: weight(t) times the mean over a row's numbers
 * of some function of it.
 */
final class Regression {
  /** The loss of each number. */
  interface Distance {
    /** f32 [rows, ...shape] to the same shape. */
    NDArray of(TrainingRows rows, NDArray difference);
  }

  private Regression() {}

  /**
   * Reads the weighting, the last of a family's settings, and makes the loss.
   *
   * @param settings the family's own settings so far, spelled out; receives the rest
   */
  static Loss create(
      Section section,
      LossTask task,
      List<Weighting> weightings,
      Map<String, Object> settings,
      Distance distance) {
    Table weights = Weighting.read(section, task, weightings, settings);
    section.finish();
    return Loss.ofTargets(
        settings,
        (rows, network) -> {
          NDArray output = network.output(rows.array(rows.noisy()));
          NDArray difference = output.sub(rows.array(rows.target()));
          NDArray weighted = distance.of(rows, difference).mul(rows.column(weights));
          return rows.mean(weighted);
        });
  }
}
