package dev.ancestral.diffusion;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Look-up of the things a user names: an unknown name is answered with the known ones. */
public final class Names {
  /** No name that anybody knows is as long; a message has room for so much of one that is. */
  private static final int LONG = 80;

  /** As many known names are listed; a model may have a thousand classes. */
  private static final int MANY = 20;

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
        .formatted(shortened(name), listed(known), hint);
  }

  private static String listed(Collection<String> known) {
    String first = known.stream().limit(MANY).collect(Collectors.joining(", "));
    return known.size() <= MANY ? first : "%s and %d more".formatted(first, known.size() - MANY);
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

  /** Insertions, deletions, substitutions, and swaps of neighbours, which fingers are prone to. */
  private static int editDistance(String a, String b) {
    int[][] distance = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          distance[i][j] = i + j;
          continue;
        }
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int least = distance[i - 1][j - 1] + (same ? 0 : 1);
        least = Math.min(least, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, 1 + distance[i - 2][j - 2]);
        }
        distance[i][j] = least;
      }
    }
    return distance[a.length()][b.length()];
  }
}
