package dev.ancestral.trainer.config;

import dev.ancestral.trainer.data.Augmentation;
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
 * @param augmentation random changes of images while training
 */
public record DataConfig(
    String source, DataOptions options, boolean conditional, Augmentation augmentation) {
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
            section.flag("conditional", true),
            augmentation(section.section("augmentation")));
    section.finish();
    return config;
  }

  DataConfig withSource(String moved) {
    return new DataConfig(moved, options, conditional, augmentation);
  }

  private static Augmentation augmentation(Section section) {
    Augmentation augmentation =
        new Augmentation(
            section.flag("horizontal_flip", Augmentation.NONE.horizontalFlip()),
            section.integer("translation", Augmentation.NONE.translation()));
    section.finish();
    return augmentation;
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
    Map<String, Object> changes = new LinkedHashMap<>();
    changes.put("horizontal_flip", augmentation.horizontalFlip());
    changes.put("translation", augmentation.translation());
    map.put("augmentation", changes);
    return map;
  }
}
