package dev.ancestral.trainer.config;

import dev.ancestral.diffusion.Names;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tensors that training leaves as they are.
 *
 * @param patterns of their names, in which * stands for any characters
 */
public record FreezeConfig(List<String> patterns) {
  static final Setting<List<String>> FREEZE =
      Setting.texts(
              "training.freeze",
              "names of tensors that training leaves as they are, * standing for any characters, such as"
                  + " conv_in.*,down_blocks.*; each has to match one, and not all of them may be frozen")
          .or(List.of());

  /** Copies the list. */
  public FreezeConfig {
    patterns = List.copyOf(patterns);
  }

  static FreezeConfig of(Section section) {
    return new FreezeConfig(section.get(FREEZE));
  }

  /**
   * The names that are frozen.
   *
   * @param names of all of a network's tensors
   * @throws IllegalArgumentException if a pattern matches none of them, or all are frozen
   */
  public Set<String> among(Collection<String> names) {
    Set<String> frozen = new LinkedHashSet<>();
    for (String pattern : patterns) {
      Pattern expression =
          Pattern.compile(("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q"), Pattern.DOTALL);
      List<String> matching =
          names.stream().filter(name -> expression.matcher(name).matches()).toList();
      if (matching.isEmpty()) {
        throw new IllegalArgumentException(
            FREEZE.key() + ": " + Names.problem(pattern, names).replace("name", "tensor"));
      }
      frozen.addAll(matching);
    }
    Check.that(
        frozen.size() < names.size(),
        FREEZE.key(),
        patterns,
        "at least one tensor that is left to train");
    return frozen;
  }

  void putInto(Map<String, Object> map) {
    map.put(FREEZE.name(), new ArrayList<>(patterns));
  }
}
