package dev.ancestral.trainer.network;

import dev.ancestral.trainer.config.SettingGroup;
import java.util.Map;

/** A named architecture. One package each; stateless. */
public interface NetworkFamily {
  /** The name a configuration gives it. */
  String name();

  /** Its settings: those of every network, and its own. */
  SettingGroup settings();

  /**
   * Builds the network.
   *
   * @param settings the family's own settings; what is absent has its default
   * @param task what the data ask
   * @param seed of the initial weights
   * @throws IllegalArgumentException for an unknown setting (with the nearest known one) or one
   *     that does not fit the task
   */
  Network create(Map<String, Object> settings, NetworkTask task, long seed);
}
