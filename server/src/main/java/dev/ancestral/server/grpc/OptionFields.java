package dev.ancestral.server.grpc;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.ancestral.diffusion.sampler.InvalidOptionException;
import dev.ancestral.diffusion.sampler.SamplerOption;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.v1.SampleRequest;
import java.util.Locale;
import java.util.Objects;

/**
 * The fields of a request that hold samplers' options. A field has its option's name, and a value
 * of an enum its label, so that a new option is a field of the contract and nothing here. Only
 * {@code respacing}, the other notation of {@code spacing}, is read elsewhere.
 */
final class OptionFields {
  private static final String SPACING = SamplerOption.SPACING.name();

  /** What the first value of every enum of the contract ends with. */
  private static final String UNSPECIFIED = "UNSPECIFIED";

  private OptionFields() {}

  /** The given options and those of the request; what is wrong is rejected, and left out. */
  static SamplerOptions read(SampleRequest request, SamplerOptions options, FieldChecks checks) {
    SamplerOptions read = options;
    for (SamplerOption<?> option : SamplerOption.all()) {
      FieldDescriptor field = field(option.name());
      if (isGiven(request, field)) {
        try {
          read = read.read(option, value(field, request.getField(field)));
        } catch (InvalidOptionException e) {
          checks.reject(e.field(), e.problem());
        }
      }
    }
    return read;
  }

  /** Writes each option into its field; a respacing is there already. */
  static void write(SamplerOptions options, SampleRequest.Builder request) {
    options
        .written()
        .forEach(
            (name, value) -> {
              if (!name.equals(SPACING) || request.getRespacing().isEmpty()) {
                FieldDescriptor field = field(name);
                request.setField(field, message(field, value));
              }
            });
  }

  private static boolean isGiven(SampleRequest request, FieldDescriptor field) {
    return field.isRepeated() ? request.getRepeatedFieldCount(field) > 0 : request.hasField(field);
  }

  private static FieldDescriptor field(String name) {
    FieldDescriptor field = SampleRequest.getDescriptor().findFieldByName(name);
    if (field == null) {
      throw new IllegalStateException(name + ": an option without a field of its name");
    }
    return field;
  }

  private static Object value(FieldDescriptor field, Object message) {
    if (!(message instanceof EnumValueDescriptor choice)) {
      return message;
    }
    if (field.getEnumType().findValueByNumber(choice.getNumber()) == null) {
      throw new InvalidOptionException(
          field.getName(), "%d (expected: a known value)".formatted(choice.getNumber()));
    }
    return choice
        .getName()
        .substring(prefix(field.getEnumType()).length())
        .toLowerCase(Locale.ROOT);
  }

  private static Object message(FieldDescriptor field, Object value) {
    if (field.getJavaType() != FieldDescriptor.JavaType.ENUM) {
      return value;
    }
    EnumDescriptor choices = field.getEnumType();
    String name = prefix(choices) + value.toString().toUpperCase(Locale.ROOT);
    return Objects.requireNonNull(choices.findValueByName(name), name);
  }

  /** What the names of an enum's values begin with, such as {@code VARIANCE_}. */
  private static String prefix(EnumDescriptor choices) {
    String first = choices.getValues().get(0).getName();
    return first.substring(0, first.length() - UNSPECIFIED.length());
  }
}
