package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.OutputConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The states of a run on disk, {@code iteration-NNNNNN.safetensors}, each a {@link CheckpointFile}.
 *
 * <p>A file is whole or absent. One that was damaged later is recognised, and another is used.
 */
final class Checkpoints {
  private static final String PATTERN = "iteration-\\d{6,}\\.safetensors";

  private final Path directory;

  Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes a state and lets go of older ones: there stay the newest, those of iterations that are
   * multiples of {@link OutputConfig#keepEvery()}, the best, and the last good one.
   *
   * @param shapes names and shapes in the order of the state's arrays
   * @param output which says how many stay
   */
  void save(Checkpoint checkpoint, Map<String, Shape> shapes, OutputConfig output)
      throws IOException {
    int iteration = checkpoint.state().iteration();
    CheckpointFile.write(file(iteration), checkpoint, shapes);
    List<Path> files = newestFirst();
    Set<Path> kept = new HashSet<>(files.subList(0, Math.min(output.keep(), files.size())));
    kept.add(file(checkpoint.state().guard().good()));
    kept.addAll(bestFirst(files).stream().limit(1).toList());
    Integer every = output.keepEvery();
    for (Path old : files) {
      if (!kept.contains(old) && (every == null || iteration(old) % every != 0)) {
        Files.delete(old);
      }
    }
  }

  /**
   * The newest state that is whole, if there is any.
   *
   * @param shapes names and shapes that the network has
   * @param warn is told of each damaged file that was passed over
   * @throws UserError if there are files, but none is whole
   */
  Optional<Checkpoint> latest(Map<String, Shape> shapes, Consumer<String> warn) throws IOException {
    return first(newestFirst(), shapes, "the one before it is used", warn);
  }

  /**
   * The state whose averaged weights had the least loss on the held-out set, if any was measured.
   * Of equal ones it is the newest.
   *
   * @throws UserError if there are such files, but none is whole
   */
  Optional<Checkpoint> best(Map<String, Shape> shapes, Consumer<String> warn) throws IOException {
    return first(bestFirst(newestFirst()), shapes, "the next best one is used", warn);
  }

  /**
   * The state after an iteration.
   *
   * @throws UserError if there is none, naming those that there are, or it is damaged
   */
  Checkpoint at(int iteration, Map<String, Shape> shapes) throws IOException {
    Path file = file(iteration);
    if (!Files.exists(file)) {
      throw new UserError(
          "%s: is not there (expected: a checkpoint of iteration %s)"
              .formatted(
                  file,
                  String.join(
                      ", ",
                      newestFirst().stream()
                          .map(kept -> Integer.toString(iteration(kept)))
                          .toList())));
    }
    try {
      return CheckpointFile.read(file, shapes);
    } catch (IOException e) {
      throw new UserError(e.getMessage() + " (expected: a whole checkpoint)", e);
    }
  }

  /** Whether there is a file of the state after an iteration, whole or not. */
  boolean has(int iteration) {
    return Files.exists(file(iteration));
  }

  private static Optional<Checkpoint> first(
      List<Path> candidates, Map<String, Shape> shapes, String instead, Consumer<String> warn) {
    Iterator<Path> files = candidates.iterator();
    while (files.hasNext()) {
      try {
        return Optional.of(CheckpointFile.read(files.next(), shapes));
      } catch (IOException e) {
        if (!files.hasNext()) {
          throw new UserError(
              e.getMessage() + "; no checkpoint is whole (expected: at least 1)", e);
        }
        warn.accept(e.getMessage() + "; " + instead);
      }
    }
    return Optional.empty();
  }

  /** Whether there is no state, not even a damaged one. */
  boolean isEmpty() throws IOException {
    return newestFirst().isEmpty();
  }

  /** The iteration of the newest state, whole or not; 0 if there is none. */
  int newestIteration() throws IOException {
    return newestFirst().stream().findFirst().map(Checkpoints::iteration).orElse(0);
  }

  private Path file(int iteration) {
    return directory.resolve("iteration-%06d.safetensors".formatted(iteration));
  }

  private static int iteration(Path file) {
    return Integer.parseInt(String.valueOf(file.getFileName()).replaceAll("\\D", ""));
  }

  private record Measured(Path file, double loss) {}

  /** Those that were measured; what cannot be read was not. */
  private static List<Path> bestFirst(List<Path> newestFirst) {
    List<Measured> measured = new ArrayList<>();
    for (Path file : newestFirst) {
      Double loss = lossOf(file);
      if (loss != null && Double.isFinite(loss)) {
        measured.add(new Measured(file, loss));
      }
    }
    return measured.stream()
        .sorted(Comparator.comparingDouble(Measured::loss))
        .map(Measured::file)
        .toList();
  }

  private static @Nullable Double lossOf(Path file) {
    try {
      return CheckpointFile.heldOutLoss(file);
    } catch (IOException e) {
      return null;
    }
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).matches(PATTERN))
          .sorted(Comparator.comparingInt(Checkpoints::iteration).reversed())
          .toList();
    }
  }
}
