package dev.ancestral.diffusion;

import java.util.List;
import java.util.Optional;

/**
 * The classes of a model, and what people call them: by name, by index, or, where a name is a
 * number, by either with its kind before it.
 *
 * @param count how many
 * @param names in the order of their indices; empty where the classes have none
 */
public record ClassNames(int count, List<String> names) {
  private static final String NAME = "name:";
  private static final String INDEX = "index:";

  /** Copies the list. */
  public ClassNames {
    names = List.copyOf(names);
  }

  /** What a class is called: its name, or its index where it has none. */
  public String of(int index) {
    return index >= 0 && index < names.size() ? names.get(index) : String.valueOf(index);
  }

  /**
   * The index of the class that is meant: {@code cat}, {@code 3}, {@code name:3} or {@code
   * index:3}.
   *
   * @throws IllegalArgumentException saying what was given and what is expected; a number that is
   *     one class's name and another's index is refused
   */
  public int find(String text) {
    if (text.startsWith(INDEX)) {
      return index(text.substring(INDEX.length()))
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      "%s (expected: %s0 to %s%d)"
                          .formatted(Names.shortened(text), INDEX, INDEX, count - 1)));
    }
    if (text.startsWith(NAME)) {
      return named(text.substring(NAME.length())).orElseThrow(() -> unknown(text));
    }
    Optional<Integer> byName = named(text);
    Optional<Integer> byIndex = index(text);
    if (byName.isPresent() && byIndex.isPresent() && !byName.equals(byIndex)) {
      throw new IllegalArgumentException(
          "%s (expected: %s%s, which has the index %d, or %s%s, whose name is %s)"
              .formatted(text, NAME, text, byName.get(), INDEX, text, names.get(byIndex.get())));
    }
    return byName.or(() -> byIndex).orElseThrow(() -> unknown(text));
  }

  private Optional<Integer> named(String name) {
    return Names.find(name, names).map(names::indexOf);
  }

  private Optional<Integer> index(String text) {
    try {
      int index = Integer.parseInt(text);
      return index >= 0 && index < count ? Optional.of(index) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        names.isEmpty()
            ? "%s (expected: 0..%d)".formatted(Names.shortened(text), count - 1)
            : Names.problem(text, names));
  }
}
