package dev.ancestral.trainer.run;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.DataConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.Dataset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run knows of the data it was trained on, wherever these are now: the format of {@code
 * data.yaml}.
 *
 * @param description shape, range, levels and class names
 * @param samples how many there were
 */
record RunData(DataDescription description, int samples) {
  static RunData of(Dataset data) {
    return new RunData(data.description(), data.size());
  }

  String toYaml() {
    DataSpec spec = description.spec();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("samples", samples);
    map.put("shape", spec.shape());
    map.put("range", List.of(spec.min(), spec.max()));
    map.put("levels", spec.levels());
    map.put("class_names", description.classNames());
    return ConfigSources.toYaml(map);
  }

  /**
   * Reads what {@link #toYaml} wrote.
   *
   * @param settings of the file
   * @param config which names the source
   * @throws IllegalArgumentException naming the key and the expectation
   */
  static RunData read(Map<String, Object> settings, DataConfig config) {
    Section section = new Section("", settings);
    List<Double> range = section.decimals("range", List.of());
    if (range.size() != 2) {
      throw new IllegalArgumentException("range: %s (expected: two numbers)".formatted(range));
    }
    RunData data =
        new RunData(
            new DataDescription(
                config.source(),
                new DataSpec(
                    section.integers("shape", List.of()).stream().map(Integer::longValue).toList(),
                    range.get(0),
                    range.get(1),
                    section.integer("levels", 0)),
                section.strings("class_names", List.of())),
            section.integer("samples", 0));
    section.finish();
    return data;
  }
}
