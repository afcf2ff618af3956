package dev.ancestral.bundle;

import dev.ancestral.diffusion.Names;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of somebody else's scheduler configuration, with the defaults of its class for those
 * that are absent. What is written is read by somebody or refused: see {@link #requireNoOthers}.
 */
final class ForeignKeys {
  /** Keys of classes that are not sampled here, with what they may be where nobody reads them. */
  private static final Map<String, Set<String>> IDLE =
      Map.of("skip_prk_steps", Set.of("true", "false"));

  /** Parameters of switches: without effect where their switch is not read. */
  private static final Set<String> PARAMETERS =
      Set.of("dynamic_thresholding_ratio", "sample_max_value", "clip_sample_range", "flow_shift");

  /** Names of fields that an object in memory did not have from its file, which are no news. */
  private static final String NOT_GIVEN = "_use_default_values";

  private static final int LONG_LIST = 8;

  private final JsonDocument file;
  private final String name;
  private final JsonDocument defaults;

  ForeignKeys(JsonDocument file, String name, ForeignClass type) {
    this.file = file.has(NOT_GIVEN) ? file.without(file.texts(NOT_GIVEN)) : file;
    this.name = name;
    this.defaults = type.defaults();
  }

  /** True or false; null is false, as in Python. */
  boolean flag(String key) {
    return of(key).optionalBool(key).orElse(false);
  }

  String text(String key) {
    return of(key).text(key);
  }

  Optional<String> optionalText(String key) {
    return of(key).optionalText(key);
  }

  double number(String key) {
    return of(key)
        .optionalDecimal(key)
        .orElseThrow(() -> file.wrong(key, "null (expected: a number)"));
  }

  int integer(String key) {
    return of(key).integer(key);
  }

  Optional<double[]> numbers(String key) {
    return of(key)
        .optionalNumbers(key)
        .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Whether a value is this text; numbers that JSON does not know are written as texts. */
  boolean isText(String key, String text) {
    return of(key).written(key).replace("\"", "").equals(text);
  }

  /** Whether a list has nothing in it, or there is none. */
  boolean isEmpty(String key) {
    return isNull(key) || of(key).written(key).equals("[]");
  }

  boolean isNull(String key) {
    return of(key).written(key).equals("null");
  }

  /** A text that is one of these. */
  String oneOf(String key, List<String> supported) {
    String value = text(key);
    require(supported.contains(value), key, String.join(", ", supported));
    return value;
  }

  /** Refuses what is written under a key unless it can be honoured. */
  void require(boolean honoured, String key, String expectation) {
    if (!honoured) {
      throw file.wrong(
          key, "%s (expected: %s)".formatted(Names.shortened(of(key).written(key)), expectation));
    }
  }

  /** For an error of what was read from this key, whose message may start with {@code subject}. */
  BundleException wrong(String key, String subject, IllegalArgumentException e) {
    String message = String.valueOf(e.getMessage());
    String start = subject + ": ";
    return file.wrong(key, message.startsWith(start) ? message.substring(start.length()) : message);
  }

  /**
   * Refuses every key that the class does not read: the unknown ones, and those of other classes
   * unless they ask for nothing.
   */
  void requireNoOthers() {
    Set<String> known = new TreeSet<>(IDLE.keySet());
    for (ForeignClass type : ForeignClass.values()) {
      type.defaults().names().forEach(known::add);
    }
    for (String key : file.names()) {
      if (!key.startsWith("_") && !defaults.has(key)) {
        if (!known.contains(key)) {
          throw file.wrong(Names.shortened(key), unknown(key, known));
        }
        if (!isIdle(key)) {
          throw file.wrong(
              key,
              "%s (expected: none, since %s does not read it)"
                  .formatted(Names.shortened(file.written(key)), name));
        }
      }
    }
  }

  private static String unknown(String key, Set<String> known) {
    return "unknown key"
        + Names.nearest(key, known)
            .map(near -> " (did you mean " + near + "?)")
            .orElse(" (expected: those of diffusers' schedulers)");
  }

  private boolean isIdle(String key) {
    String value = file.written(key);
    return value.equals("null")
        || value.equals("false")
        || PARAMETERS.contains(key)
        || IDLE.getOrDefault(key, Set.of()).contains(value)
        || Arrays.stream(ForeignClass.values())
            .anyMatch(type -> type.defaults().written(key).equals(value));
  }

  /** What was understood, for people: what the file says, and which defaults the class adds. */
  Map<String, String> words() {
    Map<String, String> given = new LinkedHashMap<>();
    Map<String, String> added = new LinkedHashMap<>();
    Map<String, String> idle = new LinkedHashMap<>();
    for (String key : defaults.names()) {
      (file.has(key) ? given : added).put(key, word(key));
    }
    for (String key : file.names()) {
      if (!key.startsWith("_") && !defaults.has(key)) {
        idle.put(key, file.written(key));
      }
    }
    Map<String, String> words = new LinkedHashMap<>();
    words.put("class", name);
    put(words, "says", given);
    put(words, "defaults of the class", added);
    put(words, "without effect there", idle);
    return words;
  }

  private String word(String key) {
    String value = of(key).written(key).replace("\"", "");
    return value.startsWith("[") && value.split(",", LONG_LIST).length == LONG_LIST
        ? value.split(",", -1).length + " numbers"
        : value;
  }

  private static void put(Map<String, String> words, String label, Map<String, String> values) {
    if (!values.isEmpty()) {
      words.put(
          label,
          String.join(
              ", ", values.entrySet().stream().map(e -> e.getKey() + " " + e.getValue()).toList()));
    }
  }

  private JsonDocument of(String key) {
    return file.has(key) ? file : defaults;
  }
}
