package dev.ancestral.trainer.run;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.Bounds;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.DataConfig;
import dev.ancestral.trainer.config.Section;
import dev.ancestral.trainer.config.Setting;
import dev.ancestral.trainer.config.SettingGroup;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.DataSummary;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Scaling;
import dev.ancestral.trainer.data.Standardization;
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
  private static final Setting<Integer> SAMPLES =
      Setting.integer("samples", "how many there were").or(0);
  private static final Setting<List<Integer>> SHAPE =
      Setting.integers("shape", "of one sample")
          .within(new Bounds<>(shape -> !shape.isEmpty(), "at least 1 number"));
  private static final Setting<List<Double>> RANGE =
      Setting.numbers("range", "of the numbers in a sample")
          .within(new Bounds<>(range -> range.size() == 2, "two numbers"));
  private static final Setting<Integer> LEVELS =
      Setting.integer("levels", "of a number; 0 where it is continuous").or(0);
  private static final Setting<List<Double>> MEAN =
      Setting.numbers("standardized_mean", "what was subtracted from each coordinate")
          .or(List.of());
  private static final Setting<List<Double>> DEVIATION =
      Setting.numbers("standardized_deviation", "what each coordinate was divided by then")
          .or(List.of());
  private static final Setting<List<Double>> SCALED_FROM =
      Setting.numbers("scaled_from", "bounds of the source's numbers, which became the range")
          .or(List.of())
          .within(
              new Bounds<>(
                  bounds -> bounds.isEmpty() || bounds.size() == 2, "two numbers, or none"));
  private static final Setting<List<String>> CLASS_NAMES =
      Setting.texts("class_names", "of each label").or(List.of());
  private static final SettingGroup FORMAT =
      SettingGroup.of("", SAMPLES, SHAPE, RANGE, LEVELS, MEAN, DEVIATION, SCALED_FROM, CLASS_NAMES);

  static RunData of(Dataset data) {
    return of(DataSummary.of(data));
  }

  static RunData of(DataSummary data) {
    return new RunData(data.description(), data.samples());
  }

  String toYaml() {
    return ConfigSources.toYaml(toMap());
  }

  private Map<String, Object> toMap() {
    DataSpec spec = description.spec();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(SAMPLES.name(), samples);
    map.put(SHAPE.name(), spec.shape());
    map.put(RANGE.name(), List.of(spec.min(), spec.max()));
    map.put(LEVELS.name(), spec.levels());
    Standardization standardization = description.standardization();
    if (standardization != null) {
      map.put(MEAN.name(), standardization.mean());
      map.put(DEVIATION.name(), standardization.deviation());
    }
    Scaling scaling = description.scaling();
    if (scaling != null) {
      map.put(SCALED_FROM.name(), scaling.bounds());
    }
    map.put(CLASS_NAMES.name(), description.classNames());
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
    for (Setting<?> setting : List.of(SHAPE, RANGE, LEVELS)) {
      String key = setting.name();
      if (!Objects.equals(expected.get(key), actual.get(key))) {
        throw new UserError(
            "%s: %s: %s (expected: %s, as %s says of the run's data)"
                .formatted(
                    given.description.source(), key, actual.get(key), expected.get(key), file));
      }
    }
    if (conditional) {
      requireSameClasses(given.description, file);
    }
  }

  /**
   * Checks that labels mean the same in both.
   *
   * @param file which says what the classes are
   * @throws UserError naming the first class that differs
   */
  void requireSameClasses(DataDescription given, Path file) {
    List<String> names = description.classNames();
    List<String> others = given.classNames();
    if (names.equals(others)) {
      return;
    }
    String difference =
        names.stream()
            .filter(name -> !others.contains(name))
            .findFirst()
            .map(name -> "has no class '%s'".formatted(name))
            .or(
                () ->
                    others.stream()
                        .filter(name -> !names.contains(name))
                        .findFirst()
                        .map(name -> "has a class '%s'".formatted(name)))
            .orElse("has its classes in another order");
    throw new UserError(
        "%s: %s (expected: the %d classes of the run's data, as %s says)"
            .formatted(given.source(), difference, names.size(), file));
  }

  /**
   * Reads what {@link #toYaml} wrote.
   *
   * @param settings of the file
   * @param config which names the source
   * @throws IllegalArgumentException naming the key and the expectation
   */
  static RunData read(Map<String, Object> settings, DataConfig config) {
    Section section = new Section(FORMAT, settings);
    List<Double> range = section.get(RANGE);
    List<Double> scaled = section.get(SCALED_FROM);
    RunData data =
        new RunData(
            new DataDescription(
                config.source(),
                new DataSpec(
                    section.get(SHAPE).stream().map(Integer::longValue).toList(),
                    range.get(0),
                    range.get(1),
                    section.get(LEVELS)),
                section.get(CLASS_NAMES),
                section.get(MEAN).isEmpty()
                    ? null
                    : new Standardization(section.get(MEAN), section.get(DEVIATION)),
                scaled.isEmpty() ? null : new Scaling(scaled.get(0), scaled.get(1))),
            section.get(SAMPLES));
    section.finish();
    return data;
  }
}
