package dev.ancestral.diffusion.sampler;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * All chains that were fitted to one network.
 *
 * <p>At guidance 1 the chains that they were fitted to and proven on have every label of the
 * network in turn, "no class" among them where it knows that, so requests without a label fit too;
 * at other weights they have the labels of classes.
 *
 * @param teacher the chain that they were fitted to: a sampler and its steps, such as {@code
 *     ddim:100}
 * @param clipping under which they were fitted, of the estimates and of the last step's result
 * @param tables by their calls, which rise; at least one
 * @param provenance how they were fitted, in words, in the order to show them, such as {@code
 *     chains: 64}
 */
public record FittedTables(
    String teacher, Clipping clipping, List<FittedTable> tables, Map<String, String> provenance) {
  private static final Pattern TEACHER = Pattern.compile("([a-z0-9-]{1,40}):([0-9]{1,9})");

  /** Copies the collections, and checks teacher and order. */
  public FittedTables {
    tables = List.copyOf(tables);
    provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
    if (!TEACHER.matcher(teacher).matches()) {
      throw new IllegalArgumentException(
          "teacher: %s (expected: a sampler and its steps, such as ddim:100)".formatted(teacher));
    }
    if (tables.isEmpty()) {
      throw new IllegalArgumentException("tables: none (expected: at least 1)");
    }
    for (int i = 1; i < tables.size(); i++) {
      if (tables.get(i).calls() <= tables.get(i - 1).calls()) {
        throw new IllegalArgumentException(
            "tables[%d].timesteps: %d (expected: more than the table before has)"
                .formatted(i, tables.get(i).calls()));
      }
    }
  }

  /** The calls that there are tables for, rising. */
  public List<Integer> calls() {
    return tables.stream().map(FittedTable::calls).toList();
  }

  /** The table of so many calls. */
  public Optional<FittedTable> table(int calls) {
    return tables.stream().filter(table -> table.calls() == calls).findFirst();
  }

  /**
   * The table of the fewest calls that were shown, at this guidance weight, to be as good as the
   * teacher; none if no table was.
   */
  public Optional<FittedTable> proven(double guidance) {
    return tables.stream().filter(table -> table.isProven(guidance)).findFirst();
  }

  /** The teacher in a sentence, such as {@code ddim with 100 steps}. */
  public String teacherWords() {
    Matcher parts = TEACHER.matcher(teacher);
    return parts.matches() ? "%s with %s steps".formatted(parts.group(1), parts.group(2)) : teacher;
  }

  /** The calls in a list for people. */
  String callsListed() {
    return calls().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }
}
