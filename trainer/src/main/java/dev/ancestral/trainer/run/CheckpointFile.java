package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.EmaConfig;
import dev.ancestral.trainer.loop.Guard;
import dev.ancestral.trainer.loop.LossHistory;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The format of a checkpoint: each tensor of the network as {@code model.NAME}, {@code ema.NAME},
 * {@code optimizer.mean.NAME} and {@code optimizer.square.NAME}; for each further average of the
 * weights as {@code ema[AVERAGE].NAME}; and where the choice of timesteps learns from the losses,
 * {@code timesteps.losses} and {@code timesteps.counts}. The metadata say iteration, time, the
 * names of the averages and what was skipped. A file of an older version has one average and
 * skipped nothing.
 */
final class CheckpointFile {
  private static final String ITERATION = "iteration";
  private static final String TRAINING_TIME = "training_time";
  private static final String CREATED_AT = "created_at";
  private static final String HELD_OUT_LOSS = "held_out_loss";
  private static final String AVERAGES = "averages";
  private static final String GUARD = "guard";
  private static final String MODEL = "model.";
  private static final String MEAN = "optimizer.mean.";
  private static final String SQUARE = "optimizer.square.";
  private static final String LOSSES = "timesteps.losses";
  private static final String COUNTS = "timesteps.counts";

  private CheckpointFile() {}

  /**
   * Writes one.
   *
   * @param shapes names and shapes in the order of the state's arrays
   */
  static void write(Path file, Checkpoint checkpoint, Map<String, Shape> shapes)
      throws IOException {
    TrainingState state = checkpoint.state();
    List<Safetensors.Tensor> tensors = new ArrayList<>(tensors(MODEL, shapes, state.weights()));
    for (int i = 0; i < state.averages().size(); i++) {
      tensors.addAll(
          tensors(prefix(checkpoint.averages().get(i)), shapes, state.averages().get(i)));
    }
    tensors.addAll(tensors(MEAN, shapes, state.mean()));
    tensors.addAll(tensors(SQUARE, shapes, state.square()));
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
    Safetensors.write(file, metadata(checkpoint), tensors);
  }

  private static Map<String, String> metadata(Checkpoint checkpoint) {
    Map<String, String> words = new LinkedHashMap<>();
    words.put(ITERATION, Integer.toString(checkpoint.state().iteration()));
    words.put(TRAINING_TIME, checkpoint.trainingTime().toString());
    words.put(CREATED_AT, checkpoint.createdAt().toString());
    words.put(AVERAGES, String.join(",", checkpoint.averages()));
    Guard guard = checkpoint.state().guard();
    words.put(
        GUARD,
        IntStream.of(
                guard.good(), guard.inARow(), guard.sinceGood(), guard.inAll(), guard.candidate())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",")));
    if (checkpoint.heldOutLoss() != null) {
      words.put(HELD_OUT_LOSS, Double.toString(checkpoint.heldOutLoss()));
    }
    return words;
  }

  private static String prefix(String average) {
    return average.equals(EmaConfig.DEFAULT) ? "ema." : "ema[" + average + "].";
  }

  /**
   * The parts of a flat array as named tensors.
   *
   * @param shapes names and shapes in the array's order
   */
  static List<Safetensors.Tensor> tensors(String prefix, Map<String, Shape> shapes, float[] flat) {
    List<Safetensors.Tensor> tensors = new ArrayList<>();
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
    return tensors;
  }

  /**
   * Reads one.
   *
   * @param shapes names and shapes that the network has
   * @throws IOException if it is not whole
   * @throws UserError if it is of another network
   */
  static Checkpoint read(Path file, Map<String, Shape> shapes) throws IOException {
    Safetensors.Content content = Safetensors.read(file);
    Map<String, String> words = content.metadata();
    List<String> averages = List.of(words.getOrDefault(AVERAGES, EmaConfig.DEFAULT).split(","));
    List<float[]> ofAverages = new ArrayList<>();
    for (String average : averages) {
      ofAverages.add(flat(file, content, prefix(average), shapes));
    }
    TrainingState state =
        new TrainingState(
            Integer.parseInt(word(file, content, ITERATION)),
            flat(file, content, MODEL, shapes),
            ofAverages,
            flat(file, content, MEAN, shapes),
            flat(file, content, SQUARE, shapes),
            history(content),
            guard(words.get(GUARD)));
    return new Checkpoint(
        state,
        averages,
        Duration.parse(word(file, content, TRAINING_TIME)),
        Instant.parse(word(file, content, CREATED_AT)),
        heldOutLoss(words));
  }

  /** What its metadata say of the loss, without a look at the rest; null for nothing. */
  static @Nullable Double heldOutLoss(Path file) throws IOException {
    try {
      return heldOutLoss(Safetensors.readMetadata(file));
    } catch (NumberFormatException e) {
      throw new IOException(
          file + ": is damaged (its %s is no number)".formatted(HELD_OUT_LOSS), e);
    }
  }

  private static @Nullable Double heldOutLoss(Map<String, String> words) {
    String loss = words.get(HELD_OUT_LOSS);
    return loss == null ? null : Double.valueOf(loss);
  }

  private static Guard guard(@Nullable String word) {
    if (word == null) {
      return Guard.START;
    }
    int[] counts = Arrays.stream(word.split(",", -1)).mapToInt(Integer::parseInt).toArray();
    // Older versions had no candidate.
    return new Guard(counts[0], counts[1], counts[2], counts[3], counts.length > 4 ? counts[4] : 0);
  }

  private static @Nullable LossHistory history(Safetensors.Content content) {
    Safetensors.Tensor losses = content.tensors().get(LOSSES);
    Safetensors.Tensor counts = content.tensors().get(COUNTS);
    return losses == null || counts == null
        ? null
        : new LossHistory(
            Math.toIntExact(losses.shape().get(1)), counts.numbers(), losses.numbers());
  }

  private static String word(Path file, Safetensors.Content content, String key)
      throws IOException {
    String word = content.metadata().get(key);
    if (word == null) {
      throw new IOException("%s: has no %s in its metadata".formatted(file, key));
    }
    return word;
  }

  /**
   * Named tensors as one flat array.
   *
   * @param shapes names and shapes in the array's order
   * @throws UserError if one is missing or of another shape
   */
  static float[] flat(
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
}
