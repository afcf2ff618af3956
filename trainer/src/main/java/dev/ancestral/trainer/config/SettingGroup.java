package dev.ancestral.trainer.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The settings of a section, in the order to show them, and the sections below it.
 *
 * @param path the section's whole key; empty for the whole configuration
 */
public record SettingGroup(String path, List<Setting<?>> settings, List<SettingGroup> sections) {
  /** Copies the lists and checks that every key is one of this section. */
  public SettingGroup {
    settings = List.copyOf(settings);
    sections = List.copyOf(sections);
    Map<String, Setting<?>> keys = new LinkedHashMap<>();
    for (Setting<?> setting : settings) {
      if (!setting.key().equals(join(path, setting.name()))
          || keys.put(setting.key(), setting) != null) {
        throw new IllegalArgumentException(
            "%s in section '%s' (expected: keys of the section, each once)"
                .formatted(setting.key(), path));
      }
    }
  }

  /** A section without others below it. */
  public static SettingGroup of(String path, Setting<?>... settings) {
    return new SettingGroup(path, Arrays.asList(settings), List.of());
  }

  /** This section with others below it. */
  SettingGroup with(SettingGroup... below) {
    return new SettingGroup(path, settings, Arrays.asList(below));
  }

  /** This section with more settings after its own. */
  public SettingGroup and(Setting<?>... more) {
    List<Setting<?>> all = new ArrayList<>(settings);
    all.addAll(Arrays.asList(more));
    return new SettingGroup(path, all, sections);
  }

  /** Every setting of this section and of those below it. */
  public Stream<Setting<?>> all() {
    return Stream.concat(settings.stream(), sections.stream().flatMap(SettingGroup::all));
  }

  /** The section below this one with that name. */
  Optional<SettingGroup> below(String name) {
    return sections.stream().filter(section -> section.path().equals(join(path, name))).findFirst();
  }

  /** The names that may stand in this section. */
  List<String> names() {
    return Stream.concat(
            settings.stream().map(Setting::name),
            sections.stream().map(section -> section.path().substring(prefix().length())))
        .toList();
  }

  private String prefix() {
    return path.isEmpty() ? "" : path + ".";
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
