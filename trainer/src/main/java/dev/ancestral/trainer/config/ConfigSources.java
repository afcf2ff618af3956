package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/**
 * Where settings come from, and how they are merged: a preset, then a file, then single settings; a
 * later one wins, key by key.
 */
public final class ConfigSources {
  private static final List<String> PRESETS =
      List.of(
          "digits",
          "fashion-mnist",
          "swiss-roll",
          "swiss-roll-ddpm",
          "swiss-roll-vlb",
          "swiss-roll-score",
          "overview-128",
          "convnext-128");

  private static final String TYPE = "type";

  private ConfigSources() {}

  /** The presets that are shipped. */
  public static List<String> presets() {
    return PRESETS;
  }

  /**
   * A preset's settings.
   *
   * @throws IllegalArgumentException naming it and the known ones
   */
  public static Map<String, Object> preset(String name) {
    if (!PRESETS.contains(name)) {
      throw Names.unknown("preset", name, PRESETS);
    }
    String resource = "/presets/" + name + ".yaml";
    try (InputStream in = ConfigSources.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is not shipped");
      }
      return parse("preset " + name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(resource + ": cannot be read", e);
    }
  }

  /**
   * A file's settings.
   *
   * @throws IllegalArgumentException if it is not YAML of keys and values
   * @throws IOException if it cannot be read
   */
  public static Map<String, Object> file(Path path) throws IOException {
    return parse(path.toString(), Files.readString(path));
  }

  /**
   * One setting, such as {@code training.batch=32}; the value is YAML.
   *
   * @throws IllegalArgumentException if it has no key
   */
  public static Map<String, Object> setting(String text) {
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(
          "--set %s (expected: KEY=VALUE, such as training.batch=32)".formatted(text));
    }
    if (text.substring(equals + 1).isBlank()) {
      throw new IllegalArgumentException(
          "--set %s: no value (expected: one after the =, or null where a setting may be null)"
              .formatted(text));
    }
    Object value;
    try {
      value = yaml().load(text.substring(equals + 1));
    } catch (YAMLException e) {
      throw new IllegalArgumentException("--set %s: not YAML".formatted(text), e);
    }
    String[] path = text.substring(0, equals).split("\\.", -1);
    for (int i = path.length - 1; i >= 0; i--) {
      Map<String, @Nullable Object> outer = new LinkedHashMap<>();
      outer.put(path[i], value);
      value = outer;
    }
    return keys(value, text);
  }

  /**
   * The first settings, overridden by the second, section by section. A section that the second
   * gives another {@code type} is the second's alone: the settings of one network say nothing about
   * another.
   */
  public static Map<String, Object> merge(Map<String, Object> first, Map<String, Object> second) {
    Map<String, Object> merged = new LinkedHashMap<>(first);
    second.forEach(
        (key, value) -> {
          Object old = merged.get(key);
          merged.put(
              key,
              old instanceof Map<?, ?> before
                      && value instanceof Map<?, ?> after
                      && !isOfAnotherType(before, after)
                  ? merge(keys(old, key), keys(value, key))
                  : value);
        });
    return merged;
  }

  private static boolean isOfAnotherType(Map<?, ?> before, Map<?, ?> after) {
    return before.containsKey(TYPE)
        && after.containsKey(TYPE)
        && !Objects.equals(before.get(TYPE), after.get(TYPE));
  }

  /** As YAML in block style. */
  public static String toYaml(Map<String, Object> settings) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setWidth(100);
    Representer representer = new Representer(options);
    representer.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(representer, options).dump(settings);
  }

  private static Map<String, Object> parse(String name, String text) {
    try {
      Object value = yaml().load(text);
      return value == null ? Map.of() : keys(value, name);
    } catch (YAMLException e) {
      throw new IllegalArgumentException(
          "%s: %s (expected: YAML)".formatted(name, e.getMessage()), e);
    }
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    // Of two lines with one key, one would have no effect.
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  private static Map<String, Object> keys(@Nullable Object value, String name) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException(name + ": not keys and values");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, entry) -> copy.put(String.valueOf(key), entry));
    return copy;
  }
}
