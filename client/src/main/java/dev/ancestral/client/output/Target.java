package dev.ancestral.client.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which directories a sampling may take the place of: none, an empty one, an earlier sampling. */
final class Target {
  /** Every name a sampling may write. */
  private static final Pattern OURS =
      Pattern.compile(
          "\\d{3,}\\.png|grid\\.png|chain\\.gif|labels\\.csv|request\\.json|samples\\.(npy|csv)|scatter\\.png");

  /** What every sampling has: without it, numbered pictures may be anybody's. */
  private static final List<String> OVERVIEWS = List.of("grid.png", "scatter.png");

  private Target() {}

  /**
   * Checks it.
   *
   * @throws IllegalArgumentException naming what would be lost
   */
  static void check(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(directory + ": is a file (expected: a directory)");
    }
    if (directory.toRealPath().equals(Path.of("").toRealPath())) {
      throw new IllegalArgumentException(
          "%s: is the working directory, which cannot be replaced (expected: a directory in it)"
              .formatted(directory.toRealPath()));
    }
    List<Path> foreign;
    try (Stream<Path> entries = Files.list(directory)) {
      List<Path> all = entries.sorted().toList();
      boolean sampling = all.stream().map(Target::name).anyMatch(OVERVIEWS::contains);
      foreign =
          all.stream().filter(path -> !sampling || !OURS.matcher(name(path)).matches()).toList();
    }
    if (!foreign.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: is not of a sampling and would be lost (expected: a new or an empty directory)"
              .formatted(foreign.get(0)));
    }
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
