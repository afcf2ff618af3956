package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a configuration that is being read: typed values by key, each with its default.
 *
 * <p>Every error names the whole key, the value and the expectation. {@link #finish()} refuses the
 * keys that nobody asked for. Not thread-safe.
 */
public final class Section {
  private final String path;
  private final Map<String, Object> values;
  private final Set<String> asked = new LinkedHashSet<>();

  /**
   * A section.
   *
   * @param path its name, for messages; empty for the whole configuration
   */
  public Section(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /** The section below this key; empty if the key is absent. */
  public Section section(String key) {
    return new Section(name(key), map(key));
  }

  /** What is below this key, unread; empty if the key is absent. */
  public Map<String, Object> map(String key) {
    Object value = get(key);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(key, value, "keys and values");
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((k, v) -> copy.put(String.valueOf(k), v));
    return copy;
  }

  /** What stands there, of any type; null if the key is absent. */
  public @Nullable Object value(String key) {
    return get(key);
  }

  /** A text. */
  public String text(String key, String fallback) {
    Object value = get(key);
    return value == null ? fallback : value.toString();
  }

  /**
   * What a name stands for.
   *
   * @param known looks it up; its message begins with a word for the kind, instead of which this
   *     one's has the whole key
   */
  public <T> T named(String key, String fallback, Function<String, T> known) {
    try {
      return known.apply(text(key, fallback));
    } catch (IllegalArgumentException e) {
      String problem = String.valueOf(e.getMessage()).replaceFirst("^[^:]+: ", "");
      throw new IllegalArgumentException(name(key) + ": " + problem, e);
    }
  }

  /** A whole number of 32 bits. */
  public int integer(String key, int fallback) {
    Object value = get(key);
    return value == null ? fallback : toInteger(key, value);
  }

  /** A whole number of 32 bits, or nothing where the key is there without a value. */
  public @Nullable Integer optionalInteger(String key, @Nullable Integer fallback) {
    Object value = get(key);
    if (value == null) {
      return values.containsKey(key) ? null : fallback;
    }
    return toInteger(key, value);
  }

  /** A whole number of 64 bits. */
  public long whole(String key, long fallback) {
    Object value = get(key);
    if (value == null) {
      return fallback;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw wrong(key, value, "a whole number");
  }

  /** A number. */
  public double number(String key, double fallback) {
    Object value = get(key);
    return value == null ? fallback : toNumber(key, value);
  }

  /** A number, or nothing where the key is there without a value. */
  public @Nullable Double optionalNumber(String key, @Nullable Double fallback) {
    Object value = get(key);
    if (value == null) {
      return values.containsKey(key) ? null : fallback;
    }
    return toNumber(key, value);
  }

  /** True or false. */
  public boolean flag(String key, boolean fallback) {
    Object value = get(key);
    return value == null ? fallback : toFlag(key, value);
  }

  /** A list of true and false. */
  public List<Boolean> flags(String key, List<Boolean> fallback) {
    Object value = get(key);
    return value == null
        ? fallback
        : list(key, value).stream().map(entry -> toFlag(key, entry)).toList();
  }

  /** A list of whole numbers. */
  public List<Integer> integers(String key, List<Integer> fallback) {
    Object value = get(key);
    return value == null
        ? fallback
        : list(key, value).stream().map(entry -> toInteger(key, entry)).toList();
  }

  /** A list of numbers. */
  public List<Double> decimals(String key, List<Double> fallback) {
    Object value = get(key);
    return value == null
        ? fallback
        : list(key, value).stream().map(entry -> toNumber(key, entry)).toList();
  }

  /** A list of texts. */
  public List<String> strings(String key, List<String> fallback) {
    Object value = get(key);
    return value == null ? fallback : list(key, value).stream().map(String::valueOf).toList();
  }

  /** Numbers by name. */
  public Map<String, Double> numbers(String key) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    map(key).forEach((name, value) -> numbers.put(name, toNumber(key + "." + name, value)));
    return numbers;
  }

  /**
   * Says that everything has been asked for.
   *
   * @throws IllegalArgumentException for a key nobody asked for, with the nearest known one
   */
  public void finish() {
    for (String key : values.keySet()) {
      if (!asked.contains(key)) {
        String hint =
            Names.nearest(key, asked)
                .map(near -> "did you mean " + name(near) + "?")
                .orElse("known here: " + String.join(", ", asked));
        throw new IllegalArgumentException("%s: unknown key (%s)".formatted(name(key), hint));
      }
    }
  }

  private @Nullable Object get(String key) {
    asked.add(key);
    return values.get(key);
  }

  private String name(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private int toInteger(String key, @Nullable Object value) {
    if (value instanceof Integer number) {
      return number;
    }
    throw wrong(key, value, "a whole number");
  }

  private boolean toFlag(String key, @Nullable Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, value, "true or false");
  }

  private double toNumber(String key, @Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text) {
      // YAML 1.1 takes 1e-3 for a text, since it has no point.
      try {
        return Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw wrong(key, value, "a number");
      }
    }
    throw wrong(key, value, "a number");
  }

  private List<?> list(String key, Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong(key, value, "a list such as [1, 2]");
  }

  private IllegalArgumentException wrong(String key, @Nullable Object value, String expected) {
    return new IllegalArgumentException(
        "%s: %s (expected: %s)".formatted(name(key), value, expected));
  }
}
