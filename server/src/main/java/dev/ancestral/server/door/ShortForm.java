package dev.ancestral.server.door;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.ancestral.cli.Printable;
import java.util.List;
import java.util.stream.Collectors;

/** A message for a log: the fields that are set, large ones by their size. */
final class ShortForm {
  private static final int LONGEST = 300;
  private static final int LONGEST_TEXT = 40;
  private static final int LISTED = 4;

  private ShortForm() {}

  static String of(Message message) {
    return Printable.line(fields(message), LONGEST);
  }

  private static String fields(Message message) {
    return message.getAllFields().entrySet().stream()
        .map(field -> field.getKey().getName() + "=" + value(field.getKey(), field.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String value(FieldDescriptor field, Object value) {
    if (!field.isRepeated()) {
      return single(field, value);
    }
    List<?> values = (List<?>) value;
    String first =
        values.stream()
            .limit(LISTED)
            .map(element -> single(field, element))
            .collect(Collectors.joining(","));
    return values.size() <= LISTED
        ? "[" + first + "]"
        : "[" + first + ",... " + values.size() + "]";
  }

  private static String single(FieldDescriptor field, Object value) {
    if (value instanceof ByteString bytes) {
      return bytes.size() + "B";
    }
    if (value instanceof Message message) {
      return "{" + fields(message) + "}";
    }
    if (value instanceof Long number
        && (field.getType() == FieldDescriptor.Type.FIXED64
            || field.getType() == FieldDescriptor.Type.UINT64)) {
      return Long.toUnsignedString(number);
    }
    String text = value.toString();
    return value instanceof String ? "'" + Printable.line(text, LONGEST_TEXT) + "'" : text;
  }
}
