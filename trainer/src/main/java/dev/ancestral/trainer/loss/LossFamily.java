package dev.ancestral.trainer.loss;

import dev.ancestral.trainer.config.LossConfig;
import dev.ancestral.trainer.config.SettingGroup;
import java.util.Map;

/** A named loss. One file each; stateless. */
interface LossFamily {
  /** The name a configuration gives it. */
  String name();

  /** Its settings: those of every loss, and its own. */
  default SettingGroup settings() {
    return LossConfig.SETTINGS;
  }

  /** Whether the variance half of an output is trained, if it has one. */
  default boolean learnsVariance() {
    return false;
  }

  /**
   * Makes the loss.
   *
   * @param settings the family's own settings; what is absent has its default
   * @param task what is learned; with a learned variance only if {@link #learnsVariance()}
   * @throws IllegalArgumentException for an unknown setting (with the nearest known one) or one
   *     that does not fit the task
   */
  Loss create(Map<String, Object> settings, LossTask task);
}
