package dev.ancestral.server.repository;

import dev.ancestral.bundle.BundleFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A place that claims to hold a model.
 *
 * @param name of the model: the directory's, or the file's without {@code .onnx}
 * @param path the bundle's directory, or the lone file
 * @param lone whether it is a file without a bundle around it
 */
public record ModelLocation(String name, Path path, boolean lone) {
  private static final String ONNX = ".onnx";

  /**
   * The directory itself if it is a bundle, else each bundle and each ONNX file in it, by name.
   * Anything else in it, and what is hidden, is not ours.
   *
   * @throws IllegalArgumentException if it is no directory
   * @throws IOException if it cannot be read
   */
  public static List<ModelLocation> below(Path models) throws IOException {
    Path directory = models.toAbsolutePath().normalize();
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "models: %s is no directory (expected: a directory of bundles, or a bundle)"
              .formatted(models));
    }
    Optional<ModelLocation> itself = of(directory);
    if (itself.isPresent()) {
      return List.of(itself.get());
    }
    return entries(directory).stream().flatMap(entry -> of(entry).stream()).toList();
  }

  /** What lies in a directory, by name. */
  static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.sorted().toList();
    }
  }

  static boolean isHidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  /** The ONNX file. */
  public Path file() {
    return lone ? path : path.resolve(BundleFormat.MODEL);
  }

  /** The model that this path claims to hold, if it does. */
  static Optional<ModelLocation> of(Path path) {
    String name = String.valueOf(path.getFileName());
    if (isHidden(path)) {
      return Optional.empty();
    }
    if (Files.isDirectory(path)) {
      return BundleFormat.isBundle(path) || Files.exists(path.resolve(BundleFormat.MODEL))
          ? Optional.of(new ModelLocation(name, path, false))
          : Optional.empty();
    }
    return name.endsWith(ONNX)
        ? Optional.of(
            new ModelLocation(name.substring(0, name.length() - ONNX.length()), path, true))
        : Optional.empty();
  }
}
