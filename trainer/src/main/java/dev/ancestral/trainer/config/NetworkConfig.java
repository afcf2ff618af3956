package dev.ancestral.trainer.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The architecture by name.
 *
 * @param type the family, such as {@code unet}
 * @param settings the family's own; it checks them when the network is built
 */
public record NetworkConfig(String type, Map<String, Object> settings) {
  private static final Setting<String> TYPE =
      Setting.text("network.type", "the architecture; each has settings of its own").or("unet");

  /** What every network has; a family adds its own. */
  public static final SettingGroup SETTINGS = SettingGroup.of("network", TYPE);

  /** Copies the settings. */
  public NetworkConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  static NetworkConfig of(Map<String, Object> values) {
    Map<String, Object> settings = new LinkedHashMap<>(values);
    settings.remove(TYPE.name());
    return new NetworkConfig(new Section(SETTINGS, values).get(TYPE), settings);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(TYPE.name(), type);
    map.putAll(settings);
    return map;
  }
}
