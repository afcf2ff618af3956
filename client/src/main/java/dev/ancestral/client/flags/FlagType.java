package dev.ancestral.client.flags;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.ancestral.diffusion.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * How a flag's text becomes the value of a field, by the field's type.
 *
 * @param words the only ones there are; empty where any text of the type will do
 * @param converter from text to what the field takes
 */
record FlagType(List<String> words, ITypeConverter<Object> converter) {
  private static final String UNSPECIFIED = "UNSPECIFIED";

  /** The type of a field whose numbers, if it has any, are at least {@code least}. */
  static FlagType of(FieldDescriptor field, int least) {
    return switch (field.getJavaType()) {
      case STRING -> free(text -> text);
      case INT -> free(text -> whole(text, least));
      case LONG -> free(FlagType::unsigned);
      case DOUBLE -> free(FlagType::number);
      case BOOLEAN -> free(Boolean::valueOf);
      case ENUM -> words(field.getEnumType());
      case FLOAT, BYTE_STRING, MESSAGE ->
          throw new IllegalArgumentException(field + ": has no flag (expected: a simple type)");
    };
  }

  private static FlagType free(ITypeConverter<Object> converter) {
    return new FlagType(List.of(), converter);
  }

  /**
   * The values' names without what they all begin with, in lower case: {@code VARIANCE_FIXED_SMALL}
   * is {@code fixed_small}.
   */
  private static FlagType words(EnumDescriptor choices) {
    String first = choices.getValues().get(0).getName();
    int prefix = first.length() - UNSPECIFIED.length();
    Map<String, EnumValueDescriptor> values = new LinkedHashMap<>();
    for (EnumValueDescriptor value : choices.getValues()) {
      if (value.getNumber() != 0) {
        values.put(value.getName().substring(prefix).toLowerCase(Locale.ROOT), value);
      }
    }
    return new FlagType(
        List.copyOf(values.keySet()),
        word ->
            Names.find(word, values.keySet())
                .map(values::get)
                .orElseThrow(
                    () -> new TypeConversionException(Names.problem(word, values.keySet()))));
  }

  private static Object whole(String text, int least) {
    String expected =
        least == Integer.MIN_VALUE ? "a whole number" : "a whole number, at least " + least;
    int value;
    try {
      value = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong(text, expected);
    }
    if (value < least) {
      throw wrong(text, expected);
    }
    return value;
  }

  /** All 64 bits. A sign is a slip: other programs take -1 for a random seed. */
  private static Object unsigned(String text) {
    try {
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw wrong(text, "0..18446744073709551615; leave it out for a random one");
    }
  }

  private static Object number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw wrong(text, "a number");
    }
  }

  private static TypeConversionException wrong(String text, String expected) {
    return new TypeConversionException(
        "%s (expected: %s)".formatted(text.isEmpty() ? "nothing" : text, expected));
  }
}
