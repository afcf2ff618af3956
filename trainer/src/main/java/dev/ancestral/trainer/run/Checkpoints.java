package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkpoints of a run: the newest few, one file each. */
public final class Checkpoints {
  private static final Pattern NAME = Pattern.compile("iteration-\\d{6,}\\.safetensors");

  private final Path directory;

  Checkpoints(Path directory) {
    this.directory = directory;
  }

  /** The files, newest first. */
  public List<Path> files() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      // A longer name is a larger number: they are padded with zeros.
      Comparator<Path> byNumber =
          Comparator.<Path>comparingInt(path -> path.getFileName().toString().length())
              .thenComparing(path -> path.getFileName().toString());
      return files
          .filter(path -> NAME.matcher(path.getFileName().toString()).matches())
          .sorted(byNumber.reversed())
          .toList();
    }
  }

  /** Writes a checkpoint, then deletes all but the newest {@code keep}. */
  public Path save(Checkpoint checkpoint, Map<String, Shape> shapes, int keep) throws IOException {
    Path file =
        directory.resolve("iteration-%06d.safetensors".formatted(checkpoint.state().iteration()));
    checkpoint.write(file, shapes);
    List<Path> files = files();
    for (Path old : files.subList(Math.min(keep, files.size()), files.size())) {
      Files.delete(old);
    }
    return file;
  }

  /**
   * The newest checkpoint that is not damaged.
   *
   * @param notices told of each damaged file that was passed over
   * @return nothing if there is no checkpoint at all
   * @throws SafetensorsException if there are some, but none is readable: the newest one's error
   */
  public Optional<Checkpoint> latest(Map<String, Shape> shapes, Consumer<String> notices)
      throws IOException {
    SafetensorsException first = null;
    for (Path file : files()) {
      try {
        Checkpoint checkpoint = Checkpoint.read(file, shapes);
        if (first != null) {
          notices.accept(
              "%s; using the checkpoint before it, iteration %d"
                  .formatted(first.getMessage(), checkpoint.state().iteration()));
        }
        return Optional.of(checkpoint);
      } catch (SafetensorsException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return Optional.empty();
  }
}
