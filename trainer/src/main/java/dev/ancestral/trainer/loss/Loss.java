package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What training minimises: the mean over rows of one number for each. Stateless once made.
 *
 * @param settings the family's settings, every one of them, as a training configuration has them
 * @param presumesWhiteNoise whether the formula holds for independent standard normal noise alone
 * @param needsTangent whether the network has to be a {@link
 *     dev.ancestral.trainer.network.TangentNetwork}
 * @param rows the numbers
 */
public record Loss(
    Map<String, Object> settings, boolean presumesWhiteNoise, boolean needsTangent, Rows rows) {
  /** The loss of each row. */
  @FunctionalInterface
  public interface Rows {
    /**
     * Calls the network and compares.
     *
     * @return f32 [rows], with a gradient
     */
    NDArray of(TrainingRows rows, NetworkPass network);
  }

  /** Copies the settings, in their order. */
  public Loss {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** A loss that compares outputs with targets, whatever the noise. */
  static Loss ofTargets(Map<String, Object> settings, Rows rows) {
    return new Loss(settings, false, false, rows);
  }

  /** A loss that follows from the noise being standard normal. */
  static Loss presumingWhiteNoise(Map<String, Object> settings, Rows rows) {
    return new Loss(settings, true, false, rows);
  }

  /** A loss without settings that differentiates the network by its state. */
  static Loss ofTangents(Rows rows) {
    return new Loss(Map.of(), true, true, rows);
  }
}
