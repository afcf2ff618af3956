package dev.ancestral.trainer.config;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How values of a type stand in YAML and on a command line.
 *
 * @param label for people, such as {@code whole number}
 * @param expectation the same as an error line ends with it
 * @param reader a value from what stands there; null if it is none of this type
 */
record SettingType<T>(String label, String expectation, Function<Object, @Nullable T> reader) {
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");

  /** As sizes are written: {@code 32x48}. */
  private static final Pattern TIMES = Pattern.compile("\\s*[x×]\\s*");

  private static final Pattern SIZES = Pattern.compile("\\d+(\\s*[x×]\\s*\\d+)+");
  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");
  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

  static final SettingType<String> TEXT = new SettingType<>("text", "a text", SettingType::text);
  static final SettingType<Integer> INTEGER =
      new SettingType<>("whole number", "a whole number", SettingType::integer);
  static final SettingType<Long> WHOLE_NUMBER =
      new SettingType<>("whole number of 64 bits", "a whole number", SettingType::whole);
  static final SettingType<Double> NUMBER =
      new SettingType<>("number", "a number", SettingType::number);
  static final SettingType<Boolean> FLAG =
      new SettingType<>("true or false", "true or false", SettingType::flag);
  static final SettingType<List<Integer>> INTEGERS =
      new SettingType<>(
          "list of whole numbers",
          "whole numbers such as 8, 8x16, 8,16 or [8, 16]",
          value -> list(value, true, SettingType::integer));
  static final SettingType<List<Double>> NUMBERS =
      new SettingType<>(
          "list of numbers",
          "numbers such as 0.5, -1,1 or [-1, 1]",
          value -> list(value, false, SettingType::number));
  static final SettingType<List<Boolean>> FLAGS =
      new SettingType<>(
          "list of true and false",
          "true and false such as false,true or [false, true]",
          value -> list(value, false, SettingType::flag));
  static final SettingType<List<String>> TEXTS =
      new SettingType<>(
          "list of texts",
          "texts such as one, one,two or [one, two]",
          value -> list(value, false, SettingType::text));
  static final SettingType<Map<String, Double>> NAMED_NUMBERS =
      new SettingType<>("numbers by name", "keys and numbers", SettingType::namedNumbers);
  static final SettingType<Object> ANY = new SettingType<>("value", "a value", value -> value);

  private static @Nullable String text(Object value) {
    return value instanceof List<?> || value instanceof Map<?, ?> ? null : value.toString();
  }

  private static @Nullable Integer integer(Object value) {
    Long whole = whole(value);
    return whole == null || whole != whole.intValue() ? null : Integer.valueOf(whole.intValue());
  }

  /** Also a text, which is what stands between two commas; and a number such as 1e5. */
  private static @Nullable Long whole(Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    if (value instanceof String text && WHOLE.matcher(text).matches()) {
      try {
        return Long.valueOf(text);
      } catch (NumberFormatException e) {
        return null;
      }
    }
    Double number = value instanceof BigInteger ? null : number(value);
    // What a double holds exactly.
    return number != null && number == Math.rint(number) && Math.abs(number) < 1L << 53
        ? Long.valueOf(number.longValue())
        : null;
  }

  /** Also a text: YAML 1.1 takes 1e-3 for one, since it has no point. */
  private static @Nullable Double number(Object value) {
    if (value instanceof Number number) {
      return Double.isFinite(number.doubleValue()) ? Double.valueOf(number.doubleValue()) : null;
    }
    if (value instanceof String text && DECIMAL.matcher(text).matches()) {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? Double.valueOf(number) : null;
    }
    return null;
  }

  private static @Nullable Boolean flag(Object value) {
    if (value instanceof Boolean flag) {
      return flag;
    }
    return value.equals("true") ? Boolean.TRUE : value.equals("false") ? Boolean.FALSE : null;
  }

  /** A list, what stands between commas (or, for sizes, crosses), or one value alone. */
  private static <E> @Nullable List<E> list(
      Object value, boolean sizes, Function<Object, @Nullable E> reader) {
    List<?> parts = parts(value, sizes);
    List<@Nullable E> read =
        parts.stream().<@Nullable E>map(part -> part == null ? null : reader.apply(part)).toList();
    return read.stream().anyMatch(Objects::isNull)
        ? null
        : read.stream().map(Objects::requireNonNull).toList();
  }

  private static List<?> parts(Object value, boolean sizes) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof String text) {
      Pattern separator = sizes && SIZES.matcher(text).matches() ? TIMES : COMMA;
      return Arrays.asList(separator.split(text, -1));
    }
    return List.of(value);
  }

  private static @Nullable Map<String, Double> namedNumbers(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      Double number = entry.getValue() == null ? null : number(entry.getValue());
      if (number == null) {
        return null;
      }
      numbers.put(String.valueOf(entry.getKey()), number);
    }
    return numbers;
  }
}
