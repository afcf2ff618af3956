package dev.ancestral.server.repository;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Models that lie deeper than they are looked for, such as in {@code team/digits/} or in another
 * server's {@code digits/1/model.onnx}: not served, since their names would not be theirs alone,
 * but mentioned.
 */
final class PassedOver {
  /** Below the directory of models. */
  private static final int DEEPEST = 4;

  /** Of one directory: whoever keeps more there keeps something else. */
  private static final int MOST_ENTRIES = 10_000;

  private PassedOver() {}

  /**
   * A line for each directory in this one that is no bundle and holds a model somewhere; none where
   * the directory is itself a bundle.
   */
  static List<String> in(Path models) throws IOException {
    Path directory = models.toAbsolutePath().normalize();
    if (ModelLocation.of(directory).isPresent()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    for (Path child : ModelLocation.entries(directory)) {
      if (Files.isDirectory(child)
          && !ModelLocation.isHidden(child)
          && ModelLocation.of(child).isEmpty()) {
        first(child)
            .ifPresent(
                found ->
                    lines.add(
                        "models: %s lies too deep and is not served (expected: bundles and .onnx files directly in --models, as with --models %s)"
                            .formatted(directory.relativize(found), found.getParent())));
      }
    }
    return lines;
  }

  private static Optional<Path> first(Path directory) {
    try (Stream<Path> below = Files.walk(directory, DEEPEST)) {
      return below
          .limit(MOST_ENTRIES)
          .filter(path -> !path.equals(directory) && ModelLocation.of(path).isPresent())
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      // What cannot be read holds nothing that could be served.
      return Optional.empty();
    }
  }
}
