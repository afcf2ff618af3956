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
  private static final String TYPE = "type";

  /** Copies the settings. */
  public NetworkConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  static NetworkConfig of(Map<String, Object> values) {
    Map<String, Object> settings = new LinkedHashMap<>(values);
    Object type = settings.remove(TYPE);
    return new NetworkConfig(type == null ? "unet" : type.toString(), settings);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(TYPE, type);
    map.putAll(settings);
    return map;
  }
}
