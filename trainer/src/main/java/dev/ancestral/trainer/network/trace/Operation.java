package dev.ancestral.trainer.network.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a trace.
 *
 * @param arguments in the order in which TorchScript takes them: a {@link Symbol}, a {@code
 *     long[]}, a {@code float[]}, a {@link Number}, a {@link Boolean} or null
 * @param results one, but for {@link Operator#SPLIT}
 */
public record Operation(Operator operator, List<@Nullable Object> arguments, List<Symbol> results) {
  /** Copies the lists. */
  public Operation {
    arguments = Collections.unmodifiableList(new ArrayList<>(arguments));
    results = List.copyOf(results);
  }

  /** The arrays among the arguments. */
  public Stream<Symbol> inputs() {
    return arguments.stream().filter(Symbol.class::isInstance).map(Symbol.class::cast);
  }

  /** Its only result. */
  public Symbol result() {
    return results.get(0);
  }
}
