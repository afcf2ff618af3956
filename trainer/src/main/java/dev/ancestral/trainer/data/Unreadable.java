package dev.ancestral.trainer.data;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The files of a folder that cannot be read.
 *
 * @param entries each with its reason
 */
record Unreadable(List<Entry> entries) {
  static final Unreadable NONE = new Unreadable(List.of());

  /** How many are named in a line. */
  private static final int NAMED = 10;

  /**
   * One of them.
   *
   * @param file its path below the folder
   * @param why it cannot be read
   */
  record Entry(Path file, String why) {}

  Unreadable {
    entries = List.copyOf(entries);
  }

  int count() {
    return entries.size();
  }

  /**
   * Refuses more of them than may be left out.
   *
   * @param allowed how many may be
   * @param root the folder
   * @param total how many files there are
   * @throws IllegalArgumentException naming them
   */
  void requireAtMost(int allowed, Path root, int total) {
    if (count() <= allowed) {
      return;
    }
    if (count() == 1) {
      Entry only = entries.get(0);
      throw new IllegalArgumentException(
          "%s: %s (expected: an image, or data.skip_unreadable=1, which leaves it out)"
              .formatted(root.resolve(only.file()), only.why()));
    }
    throw new IllegalArgumentException(
        "%s: %d of %d files cannot be read as images: %s (expected: %s, or data.skip_unreadable=%d, which leaves them out)"
            .formatted(
                root,
                count(),
                total,
                named(),
                allowed == 0 ? "none" : "at most " + allowed,
                count()));
  }

  /** The first of them with their reasons, and how many more there are. */
  String named() {
    String words =
        entries.stream()
            .limit(NAMED)
            .map(entry -> "%s (%s)".formatted(entry.file(), entry.why()))
            .collect(Collectors.joining(", "));
    return count() > NAMED ? "%s and %d more".formatted(words, count() - NAMED) : words;
  }
}
