package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A part of a configuration that is being read: the values of a {@link SettingGroup}.
 *
 * <p>Every error names the whole key, the value and the expectation. A setting that was not
 * declared cannot be read, so whatever has an effect is listed; {@link #finish()} refuses the keys
 * that are not declared, and those that were given but had no effect. Not thread-safe.
 */
public final class Section {
  private final SettingGroup group;
  private final Map<String, Object> values;
  private final Set<String> asked = new HashSet<>();

  /** What stands in a section. */
  public Section(SettingGroup group, Map<String, Object> values) {
    this.group = group;
    this.values = values;
  }

  /** The section below this key; empty if the key is absent. */
  Section section(String name) {
    SettingGroup below =
        group.below(name).orElseThrow(() -> new IllegalStateException(name + ": not declared"));
    return new Section(below, map(name));
  }

  /** What is below this key, unread; empty if the key is absent. */
  Map<String, Object> map(String name) {
    asked.add(name);
    Object value = values.get(name);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(
          "%s: %s (expected: keys and values)".formatted(whole(name), value));
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, entry) -> copy.put(String.valueOf(key), entry));
    return copy;
  }

  /**
   * The value of a setting, or its default.
   *
   * @throws IllegalArgumentException if the value is none of the setting's
   */
  public <T> T get(Setting<T> setting) {
    T fallback = setting.fallback();
    if (fallback == null) {
      if (!values.containsKey(setting.name())) {
        throw new IllegalArgumentException(
            "%s: is missing (expected: %s)".formatted(setting, setting.kind()));
      }
      return present(setting);
    }
    return get(setting, fallback);
  }

  /**
   * The value of a setting whose default follows from something else.
   *
   * @throws IllegalArgumentException if the value is none of the setting's
   */
  public <T> T get(Setting<T> setting, T fallback) {
    ask(setting);
    return values.containsKey(setting.name()) ? present(setting) : fallback;
  }

  /**
   * The value of a setting that may be null; its default, which may be null too.
   *
   * @throws IllegalArgumentException if the value is none of the setting's
   */
  public <T> @Nullable T find(Setting<T> setting) {
    ask(setting);
    if (!values.containsKey(setting.name())) {
      return setting.fallback();
    }
    return setting.mayBeNull() && values.get(setting.name()) == null ? null : present(setting);
  }

  private <T> T present(Setting<T> setting) {
    ask(setting);
    Object value = values.get(setting.name());
    if (value == null) {
      throw setting.wrong("no value", setting.kind());
    }
    return setting.read(value);
  }

  private void ask(Setting<?> setting) {
    if (!group.settings().contains(setting)) {
      throw new IllegalStateException(
          "%s: not declared in section '%s'".formatted(setting, group.path()));
    }
    asked.add(setting.name());
  }

  /**
   * Says that everything has been asked for.
   *
   * @throws IllegalArgumentException for a key that is not declared, with the nearest known one,
   *     and for one that has no effect beside the others
   */
  public void finish() {
    for (String key : values.keySet()) {
      if (!group.names().contains(key)) {
        throw new IllegalArgumentException("%s: unknown key (%s)".formatted(whole(key), hint(key)));
      }
      if (!asked.contains(key)) {
        throw new IllegalArgumentException(
            "%s: has no effect here (it is: %s)".formatted(whole(key), purpose(key)));
      }
    }
  }

  private String purpose(String name) {
    return group.settings().stream()
        .filter(setting -> setting.name().equals(name))
        .map(Setting::purpose)
        .collect(Collectors.joining());
  }

  private String hint(String key) {
    List<String> names = group.names();
    return Names.nearest(key, names)
        .map(near -> "did you mean " + whole(near) + "?")
        .or(() -> elsewhere(key))
        .orElseGet(() -> "known here: " + String.join(", ", names));
  }

  /** A setting of that name in a section below, such as training.batch for batch. */
  private Optional<String> elsewhere(String key) {
    String found =
        group
            .all()
            .filter(setting -> setting.name().equals(key))
            .map(Setting::key)
            .collect(Collectors.joining(" or "));
    return found.isEmpty() ? Optional.empty() : Optional.of("did you mean " + found + "?");
  }

  private String whole(String name) {
    return SettingGroup.join(group.path(), name);
  }
}
