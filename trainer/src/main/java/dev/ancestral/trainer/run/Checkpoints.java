package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.loop.LossHistory;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The states of a run on disk, {@code iteration-NNNNNN.safetensors}: each tensor four times, as
 * {@code model.NAME}, {@code ema.NAME}, {@code optimizer.mean.NAME} and {@code
 * optimizer.square.NAME}; and where the choice of timesteps learns from the losses, {@code
 * timesteps.losses} and {@code timesteps.counts}.
 *
 * <p>A file is whole or absent. One that was damaged later is recognised, and the one before it is
 * used.
 */
final class Checkpoints {
  private static final String PATTERN = "iteration-\\d{6,}\\.safetensors";
  private static final String ITERATION = "iteration";
  private static final String TRAINING_TIME = "training_time";
  private static final String CREATED_AT = "created_at";
  private static final String MODEL = "model.";
  private static final String EMA = "ema.";
  private static final String MEAN = "optimizer.mean.";
  private static final String SQUARE = "optimizer.square.";
  private static final String LOSSES = "timesteps.losses";
  private static final String COUNTS = "timesteps.counts";

  private final Path directory;

  Checkpoints(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes a state and lets go of the oldest ones.
   *
   * @param shapes names and shapes in the order of the state's arrays
   * @param keep how many stay, at least 1
   */
  void save(Checkpoint checkpoint, Map<String, Shape> shapes, int keep) throws IOException {
    TrainingState state = checkpoint.state();
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    add(tensors, MODEL, shapes, state.weights());
    add(tensors, EMA, shapes, state.ema());
    add(tensors, MEAN, shapes, state.mean());
    add(tensors, SQUARE, shapes, state.square());
    LossHistory history = state.history();
    if (history != null) {
      long timesteps = history.counts().length;
      tensors.add(
          new Safetensors.Tensor(
              LOSSES,
              List.of(timesteps, (long) history.depth()),
              FloatBuffer.wrap(history.losses())));
      tensors.add(
          new Safetensors.Tensor(COUNTS, List.of(timesteps), FloatBuffer.wrap(history.counts())));
    }
    Safetensors.write(
        directory.resolve("iteration-%06d.safetensors".formatted(state.iteration())),
        Map.of(
            ITERATION,
            Integer.toString(state.iteration()),
            TRAINING_TIME,
            checkpoint.trainingTime().toString(),
            CREATED_AT,
            checkpoint.createdAt().toString()),
        tensors);
    for (Path old : newestFirst().stream().skip(keep).toList()) {
      Files.delete(old);
    }
  }

  private static void add(
      List<Safetensors.Tensor> tensors, String prefix, Map<String, Shape> shapes, float[] flat) {
    int offset = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      int size = Math.toIntExact(entry.getValue().size());
      tensors.add(
          new Safetensors.Tensor(
              prefix + entry.getKey(),
              Arrays.stream(entry.getValue().getShape()).boxed().toList(),
              FloatBuffer.wrap(flat, offset, size)));
      offset += size;
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
    Iterator<Path> files = newestFirst().iterator();
    while (files.hasNext()) {
      try {
        return Optional.of(checkpoint(files.next(), shapes));
      } catch (IOException e) {
        if (!files.hasNext()) {
          throw new UserError(
              e.getMessage() + "; no checkpoint is whole (expected: at least 1)", e);
        }
        warn.accept(e.getMessage() + "; the one before it is used");
      }
    }
    return Optional.empty();
  }

  /** The iteration of the newest state, whole or not; 0 if there is none. */
  int newestIteration() throws IOException {
    return newestFirst().stream()
        .findFirst()
        .map(file -> Integer.valueOf(String.valueOf(file.getFileName()).replaceAll("\\D", "")))
        .orElse(0);
  }

  private static Checkpoint checkpoint(Path file, Map<String, Shape> shapes) throws IOException {
    Safetensors.Content content = Safetensors.read(file);
    TrainingState state =
        new TrainingState(
            Integer.parseInt(word(file, content, ITERATION)),
            flat(file, content, MODEL, shapes),
            flat(file, content, EMA, shapes),
            flat(file, content, MEAN, shapes),
            flat(file, content, SQUARE, shapes),
            history(content));
    return new Checkpoint(
        state,
        Duration.parse(word(file, content, TRAINING_TIME)),
        Instant.parse(word(file, content, CREATED_AT)));
  }

  private static @Nullable LossHistory history(Safetensors.Content content) {
    Safetensors.Tensor losses = content.tensors().get(LOSSES);
    Safetensors.Tensor counts = content.tensors().get(COUNTS);
    return losses == null || counts == null
        ? null
        : new LossHistory(Math.toIntExact(losses.shape().get(1)), numbers(counts), numbers(losses));
  }

  private static float[] numbers(Safetensors.Tensor tensor) {
    float[] numbers = new float[tensor.values().remaining()];
    tensor.values().duplicate().get(numbers);
    return numbers;
  }

  private static String word(Path file, Safetensors.Content content, String key)
      throws IOException {
    String word = content.metadata().get(key);
    if (word == null) {
      throw new IOException("%s: has no %s in its metadata".formatted(file, key));
    }
    return word;
  }

  private static float[] flat(
      Path file, Safetensors.Content content, String prefix, Map<String, Shape> shapes) {
    int size = Math.toIntExact(shapes.values().stream().mapToLong(Shape::size).sum());
    FloatBuffer flat = FloatBuffer.allocate(size);
    shapes.forEach(
        (name, shape) -> {
          Safetensors.Tensor tensor = content.tensors().get(prefix + name);
          List<Long> expected = Arrays.stream(shape.getShape()).boxed().toList();
          if (tensor == null || !tensor.shape().equals(expected)) {
            throw new UserError(
                "%s: %s%s is %s (expected: shape %s, as the network of config.yaml has)"
                    .formatted(
                        file,
                        prefix,
                        name,
                        tensor == null ? "missing" : "of shape " + tensor.shape(),
                        expected));
          }
          flat.put(tensor.values().duplicate());
        });
    return flat.array();
  }

  private List<Path> newestFirst() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      // Names have at least six digits: longer ones are later.
      return files
          .filter(file -> String.valueOf(file.getFileName()).matches(PATTERN))
          .sorted(
              Comparator.comparing((Path file) -> file.toString().length())
                  .thenComparing(Path::toString)
                  .reversed())
          .toList();
    }
  }
}
