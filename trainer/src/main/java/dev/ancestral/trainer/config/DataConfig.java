package dev.ancestral.trainer.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where samples come from.
 *
 * @param source such as {@code builtin:digits}
 * @param conditional whether labels, where the data have any, are given to the network
 */
public record DataConfig(String source, boolean conditional) {
  static DataConfig of(Section section) {
    DataConfig config =
        new DataConfig(section.text("source", "builtin:digits"), section.flag("conditional", true));
    section.finish();
    return config;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", source);
    map.put("conditional", conditional);
    return map;
  }
}
