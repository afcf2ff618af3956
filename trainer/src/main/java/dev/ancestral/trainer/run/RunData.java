package dev.ancestral.trainer.run;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.DataConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.Dataset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a run knows of the data it was trained on, wherever these are now: the format of {@code
 * data.yaml}.
 *
 * @param description shape, range, levels and class names
 * @param samples how many there were
 */
record RunData(DataDescription description, int samples) {
  private static final String SAMPLES = "samples";
  private static final String SHAPE = "shape";
  private static final String RANGE = "range";
  private static final String LEVELS = "levels";
  private static final String CLASS_NAMES = "class_names";

  static RunData of(Dataset data) {
    return new RunData(data.description(), data.size());
  }

  String toYaml() {
    return ConfigSources.toYaml(toMap());
  }

  private Map<String, Object> toMap() {
    DataSpec spec = description.spec();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(SAMPLES, samples);
    map.put(SHAPE, spec.shape());
    map.put(RANGE, List.of(spec.min(), spec.max()));
    map.put(LEVELS, spec.levels());
    map.put(CLASS_NAMES, description.classNames());
    return map;
  }

  /**
   * Checks that a run of these data can go on with the given ones: where these are, how many there
   * are, and classes that the network is not told of may have changed.
   *
   * @param conditional whether the network is told of the classes
   * @param file which says what these are
   * @throws UserError naming the key, what was given and what the run has
   */
  void requireSame(RunData given, boolean conditional, Path file) {
    Map<String, Object> expected = toMap();
    Map<String, Object> actual = given.toMap();
    for (String key :
        conditional ? List.of(SHAPE, RANGE, LEVELS, CLASS_NAMES) : List.of(SHAPE, RANGE, LEVELS)) {
      if (!Objects.equals(expected.get(key), actual.get(key))) {
        throw new UserError(
            "%s: %s: %s (expected: %s, as %s says of the run's data)"
                .formatted(
                    given.description.source(), key, actual.get(key), expected.get(key), file));
      }
    }
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
    List<Double> range = section.decimals(RANGE, List.of());
    if (range.size() != 2) {
      throw new IllegalArgumentException("range: %s (expected: two numbers)".formatted(range));
    }
    RunData data =
        new RunData(
            new DataDescription(
                config.source(),
                new DataSpec(
                    section.integers(SHAPE, List.of()).stream().map(Integer::longValue).toList(),
                    range.get(0),
                    range.get(1),
                    section.integer(LEVELS, 0)),
                section.strings(CLASS_NAMES, List.of())),
            section.integer(SAMPLES, 0));
    section.finish();
    return data;
  }
}
