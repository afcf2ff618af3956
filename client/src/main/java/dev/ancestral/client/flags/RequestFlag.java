package dev.ancestral.client.flags;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleRequestOrBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A flag that is a field of a request.
 *
 * @param name with its dashes
 * @param path from the request to the field, such as {@code frames}, {@code count}
 * @param label of its value in the help
 * @param section of the help
 * @param least a number it takes, where it takes numbers
 * @param replaces fields that say the same in another way: given, it takes their place
 * @param description lines of the help
 */
record RequestFlag(
    String name,
    List<FieldDescriptor> path,
    String label,
    HelpSection section,
    int least,
    List<String> replaces,
    List<String> description) {
  private static final Set<String> OF_ANY_SAMPLER =
      Set.of("sampler", "clip", "clip_range", "threshold_quantile", "threshold_max");

  /**
   * A flag of a field.
   *
   * @param field names joined by dots
   */
  static RequestFlag of(
      HelpSection section, String name, String field, String label, String... description) {
    return new RequestFlag(
        name, path(field), label, section, Integer.MIN_VALUE, List.of(), List.of(description));
  }

  /** The same, for numbers of at least that. */
  RequestFlag atLeast(int number) {
    return new RequestFlag(name, path, label, section, number, replaces, description);
  }

  /** The same, in place of these fields. */
  RequestFlag inPlaceOf(String... fields) {
    return new RequestFlag(name, path, label, section, least, List.of(fields), description);
  }

  private static List<FieldDescriptor> path(String names) {
    List<FieldDescriptor> path = new ArrayList<>();
    Descriptor message = SampleRequest.getDescriptor();
    for (String name : names.split("\\.", -1)) {
      FieldDescriptor field = message.findFieldByName(name);
      if (field == null) {
        throw new IllegalArgumentException(names + ": a flag without a field of its name");
      }
      path.add(field);
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        message = field.getMessageType();
      }
    }
    return List.copyOf(path);
  }

  private FieldDescriptor last() {
    return path.get(path.size() - 1);
  }

  /** The field's name, of a nested one that of the outermost. */
  String field() {
    return path.get(0).getName();
  }

  /** Whether the request has a value here that was made for its sampler. */
  boolean isOfSampler(SampleRequestOrBuilder request) {
    return section == HelpSection.CHAIN
        && !OF_ANY_SAMPLER.contains(field())
        && request.getAllFields().containsKey(path.get(0));
  }

  /** As picocli knows it. */
  OptionSpec option() {
    FlagType type = FlagType.of(last(), least);
    OptionSpec.Builder option =
        OptionSpec.builder(name)
            .order(section.order())
            .description(description.toArray(String[]::new))
            .completionCandidates(type.words());
    if (last().getJavaType() == FieldDescriptor.JavaType.BOOLEAN) {
      return option.type(Boolean.class).arity("0").negatable(true).build();
    }
    option.paramLabel(label).converters(type.converter());
    return last().isRepeated()
        ? option.type(List.class).auxiliaryTypes(Object.class).splitRegex(",").build()
        : option.type(Object.class).build();
  }

  /** Removes the field, and those that it replaces. */
  void clear(SampleRequest.Builder request) {
    request.clearField(path.get(0));
    for (String field : replaces) {
      request.clearField(SampleRequest.getDescriptor().findFieldByName(field));
    }
  }

  /** Writes what was given; values of a list take the place of those that were there. */
  void write(Object value, SampleRequest.Builder request) {
    Message.Builder holder = request;
    for (FieldDescriptor field : path.subList(0, path.size() - 1)) {
      holder = holder.getFieldBuilder(field);
    }
    holder.setField(last(), value);
  }
}
