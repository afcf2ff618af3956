package dev.ancestral.trainer.config;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One setting, declared once: its key, its type, its default, its bounds and what it is for. {@link
 * Section} reads it, the records check it, {@code --list-settings} shows it.
 *
 * <p>Immutable; {@link #within}, {@link #or} and the like answer a changed copy.
 *
 * @param <T> of its values
 */
public final class Setting<T> {
  private final String key;
  private final SettingType<T> type;
  private final String purpose;
  private final @Nullable Bounds<T> bounds;
  private final @Nullable T fallback;
  private final @Nullable String fallbackInWords;
  private final @Nullable String meaningOfNull;
  private final boolean changeable;

  private Setting(
      String key,
      SettingType<T> type,
      String purpose,
      @Nullable Bounds<T> bounds,
      @Nullable T fallback,
      @Nullable String fallbackInWords,
      @Nullable String meaningOfNull,
      boolean changeable) {
    this.key = key;
    this.type = type;
    this.purpose = purpose;
    this.bounds = bounds;
    this.fallback = fallback;
    this.fallbackInWords = fallbackInWords;
    this.meaningOfNull = meaningOfNull;
    this.changeable = changeable;
  }

  private static <T> Setting<T> of(String key, SettingType<T> type, String purpose) {
    return new Setting<>(key, type, purpose, null, null, null, null, false);
  }

  /** A text; {@code key} is whole, such as {@code data.source}, here and below. */
  public static Setting<String> text(String key, String purpose) {
    return of(key, SettingType.TEXT, purpose);
  }

  /** A whole number of 32 bits. */
  public static Setting<Integer> integer(String key, String purpose) {
    return of(key, SettingType.INTEGER, purpose);
  }

  /** A whole number of 64 bits. */
  public static Setting<Long> whole(String key, String purpose) {
    return of(key, SettingType.WHOLE_NUMBER, purpose);
  }

  /** A finite number. */
  public static Setting<Double> number(String key, String purpose) {
    return of(key, SettingType.NUMBER, purpose);
  }

  /** True or false. */
  public static Setting<Boolean> flag(String key, String purpose) {
    return of(key, SettingType.FLAG, purpose);
  }

  /** Whole numbers, written as {@code 8}, {@code 8x16}, {@code 8,16} or {@code [8, 16]}. */
  public static Setting<List<Integer>> integers(String key, String purpose) {
    return of(key, SettingType.INTEGERS, purpose);
  }

  /** Numbers, written as {@code 1}, {@code -1,1} or {@code [-1, 1]}. */
  public static Setting<List<Double>> numbers(String key, String purpose) {
    return of(key, SettingType.NUMBERS, purpose);
  }

  /** True and false, written as a list. */
  public static Setting<List<Boolean>> flags(String key, String purpose) {
    return of(key, SettingType.FLAGS, purpose);
  }

  /** Texts, written as {@code one}, {@code one,two} or {@code [one, two]}. */
  public static Setting<List<String>> texts(String key, String purpose) {
    return of(key, SettingType.TEXTS, purpose);
  }

  /** Numbers by name. */
  public static Setting<Map<String, Double>> namedNumbers(String key, String purpose) {
    return of(key, SettingType.NAMED_NUMBERS, purpose);
  }

  /** A value of a type that somebody else reads and checks. */
  static Setting<Object> any(String key, String purpose, String expectation) {
    return of(key, SettingType.ANY, purpose).within(new Bounds<>(value -> true, expectation));
  }

  /**
   * What a name stands for.
   *
   * @param names the known ones
   * @param known looks one up; its message begins with a word for the kind, instead of which the
   *     setting's has the whole key
   */
  public static <T> Setting<T> named(
      String key, String purpose, List<String> names, Function<String, T> known) {
    SettingType<T> type =
        new SettingType<>(
            "name", "a name", value -> read(key, SettingType.TEXT.reader().apply(value), known));
    return of(key, type, purpose).within(new Bounds<>(value -> true, String.join(", ", names)));
  }

  private static <T> @Nullable T read(
      String key, @Nullable String name, Function<String, T> known) {
    if (name == null) {
      return null;
    }
    try {
      return known.apply(name);
    } catch (IllegalArgumentException e) {
      String problem = String.valueOf(e.getMessage()).replaceFirst("^[^:]+: ", "");
      throw new IllegalArgumentException(key + ": " + problem, e);
    }
  }

  /** This setting with bounds. */
  public Setting<T> within(Bounds<T> value) {
    return new Setting<>(
        key, type, purpose, value, fallback, fallbackInWords, meaningOfNull, changeable);
  }

  /** This setting with a default. */
  public Setting<T> or(T value) {
    return new Setting<>(
        key, type, purpose, bounds, value, fallbackInWords, meaningOfNull, changeable);
  }

  /** This setting with a default that has a name, or follows from something else. */
  public Setting<T> orAs(String words) {
    return new Setting<>(key, type, purpose, bounds, fallback, words, meaningOfNull, changeable);
  }

  /**
   * This setting where {@code null} is a value, and the default unless there is another.
   *
   * @param meaning of null, such as {@code no limit}
   */
  public Setting<T> orNull(String meaning) {
    return new Setting<>(
        key, type, purpose, bounds, fallback, fallbackInWords, meaning, changeable);
  }

  /**
   * This setting where it may change in a run that goes on: iterations depend on it only by
   * rounding, or through the total, and where they do, that is said.
   */
  public Setting<T> changeable() {
    return new Setting<>(
        key, type, purpose, bounds, fallback, fallbackInWords, meaningOfNull, true);
  }

  /** Whether it may change in a run that goes on. */
  public boolean isChangeable() {
    return changeable;
  }

  /** The whole key. */
  public String key() {
    return key;
  }

  /** The key within its section. */
  public String name() {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** What it is for. */
  public String purpose() {
    return purpose;
  }

  /** Type and bounds in words. */
  public String kind() {
    String known = bounds == null ? type.label() : type.label() + ", " + bounds.expectation();
    return meaningOfNull == null ? known : known + ", or null for " + meaningOfNull;
  }

  /** The default in words. */
  public String defaultInWords() {
    if (fallbackInWords != null) {
      return fallbackInWords;
    }
    return fallback == null && meaningOfNull == null ? "none" : String.valueOf(fallback);
  }

  /** The default; null where it is null, or follows from something else. */
  @Nullable T fallback() {
    return fallback;
  }

  boolean mayBeNull() {
    return meaningOfNull != null;
  }

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException naming key, value and expectation
   */
  public void check(T value) {
    if (bounds != null && !bounds.fits().test(value)) {
      throw wrong(value, bounds.expectation());
    }
  }

  /** As {@link #check}, for a setting that may be null. */
  void checkUnlessNull(@Nullable T value) {
    if (value != null) {
      check(value);
    }
  }

  /**
   * A value from what stands in YAML.
   *
   * @throws IllegalArgumentException if it is none of the type, or out of bounds
   */
  T read(Object value) {
    T read = type.reader().apply(value);
    if (read == null) {
      boolean tooLong = value instanceof Long || value instanceof BigInteger;
      throw wrong(value, type.expectation() + (tooLong ? " of fewer digits" : ""));
    }
    check(read);
    return read;
  }

  /** The error for a value that this setting cannot have. */
  public IllegalArgumentException wrong(@Nullable Object value, String expectation) {
    return new IllegalArgumentException(
        "%s: %s (expected: %s%s)"
            .formatted(
                key,
                value,
                expectation,
                meaningOfNull == null ? "" : ", or null for " + meaningOfNull));
  }

  @Override
  public String toString() {
    return key;
  }
}
