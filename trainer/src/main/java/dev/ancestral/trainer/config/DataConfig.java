package dev.ancestral.trainer.config;

import dev.ancestral.trainer.data.DataOptions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where samples come from.
 *
 * @param source such as {@code builtin:digits}
 * @param options size, channels and range, as far as they are chosen
 * @param conditional whether labels, where the data have any, are given to the network
 */
public record DataConfig(String source, DataOptions options, boolean conditional) {
  static DataConfig of(Section section) {
    List<Integer> size = section.integers("size", List.of());
    if (size.size() > 2) {
      throw new IllegalArgumentException(
          "data.size: %s (expected: [side] or [height, width])".formatted(size));
    }
    List<Double> range = section.decimals("range", List.of());
    if (range.size() != 0 && range.size() != 2) {
      throw new IllegalArgumentException(
          "data.range: %s (expected: two numbers such as [-1, 1])".formatted(range));
    }
    DataConfig config =
        new DataConfig(
            section.text("source", "builtin:digits"),
            new DataOptions(
                size.isEmpty() ? null : size.get(0),
                size.isEmpty() ? null : size.get(size.size() - 1),
                section.optionalInteger("channels", null),
                range.isEmpty() ? null : new DataOptions.Range(range.get(0), range.get(1))),
            section.flag("conditional", true));
    section.finish();
    return config;
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("source", source);
    if (options.height() != null && options.width() != null) {
      map.put("size", List.of(options.height(), options.width()));
    }
    if (options.channels() != null) {
      map.put("channels", options.channels());
    }
    DataOptions.Range range = options.range();
    if (range != null) {
      map.put("range", List.of(range.min(), range.max()));
    }
    map.put("conditional", conditional);
    return map;
  }
}
