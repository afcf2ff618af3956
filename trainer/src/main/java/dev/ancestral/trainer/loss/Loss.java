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
 * @param rows the numbers
 */
public record Loss(Map<String, Object> settings, boolean presumesWhiteNoise, Rows rows) {
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
}
