package dev.ancestral.diffusion;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Look-up of the things a user names: an unknown name is answered with the known ones. */
public final class Names {
  /** No name that anybody knows is as long; a message has room for so much of one that is. */
  private static final int LONG = 80;

  private Names() {}

  /**
   * The error for a name nobody knows.
   *
   * @param kind what was named, such as {@code sampler}
   * @param name the unknown name
   * @param known the known names, in the order to list them
   */
  public static IllegalArgumentException unknown(
      String kind, String name, Collection<String> known) {
    return new IllegalArgumentException(kind + ": " + problem(name, known));
  }

  /**
   * The known name that is meant: the same one, or else the only one that differs in case alone.
   */
  public static Optional<String> find(String name, Collection<String> known) {
    if (known.contains(name)) {
      return Optional.of(name);
    }
    List<String> alike = known.stream().filter(name::equalsIgnoreCase).toList();
    return alike.size() == 1 ? Optional.of(alike.get(0)) : Optional.empty();
  }

  /** What is wrong with a name nobody knows: it, the known ones, and which of them is near. */
  public static String problem(String name, Collection<String> known) {
    String hint = nearest(name, known).map(n -> "; did you mean " + n + "?").orElse("");
    return "unknown name '%s' (expected one of: %s%s)"
        .formatted(shortened(name), String.join(", ", known), hint);
  }

  /** The name, or the beginning of one that is too long to be repeated in a message. */
  public static String shortened(String name) {
    return name.length() <= LONG ? name : name.substring(0, LONG) + "...";
  }

  /** The known name at the smallest edit distance, if it is at most a third of its length away. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    if (name.length() > LONG) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance =
          editDistance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best != null && bestDistance <= Math.max(1, best.length() / 3)
        ? Optional.of(best)
        : Optional.empty();
  }

  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
