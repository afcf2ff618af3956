package dev.ancestral.client;

import com.google.protobuf.ProtocolMessageEnum;
import dev.ancestral.diffusion.Names;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The words of a flag whose values are an enum of the contract: the values' names without what they
 * all begin with, in lower case. {@code VARIANCE_FIXED_SMALL} is {@code fixed_small}.
 *
 * @param <E> the enum
 */
abstract class Choice<E extends Enum<E> & ProtocolMessageEnum>
    implements ITypeConverter<E>, Iterable<String> {
  private static final String UNSPECIFIED = "UNSPECIFIED";

  private final Map<String, E> values = new LinkedHashMap<>();

  Choice(E unspecified) {
    String first = unspecified.name();
    int prefix = first.length() - UNSPECIFIED.length();
    for (E value : unspecified.getDeclaringClass().getEnumConstants()) {
      if (value != unspecified && !value.name().equals("UNRECOGNIZED")) {
        values.put(value.name().substring(prefix).toLowerCase(Locale.ROOT), value);
      }
    }
  }

  @Override
  public E convert(String word) {
    E value = values.get(word);
    if (value == null) {
      throw new TypeConversionException(Names.problem(word, values.keySet()));
    }
    return value;
  }

  /** The words, for {@code --help}. */
  @Override
  public Iterator<String> iterator() {
    return values.keySet().iterator();
  }
}
