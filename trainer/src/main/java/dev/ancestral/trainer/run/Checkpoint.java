package dev.ancestral.trainer.run;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training state as a file. The network's weights have their own names, so that other programs
 * find them; the average and the optimizer's moments have the prefixes {@code ema.}, {@code
 * adam.mean.} and {@code adam.square.}.
 *
 * @param state everything the next iteration depends on
 * @param trainingTime spent on all iterations, over all sessions of the run
 * @param createdAt when the state was taken
 */
public record Checkpoint(TrainingState state, Duration trainingTime, Instant createdAt) {
  private static final String EMA = "ema.";
  private static final String MEAN = "adam.mean.";
  private static final String SQUARE = "adam.square.";
  private static final String ITERATION = "iteration";
  private static final String TRAINING_TIME = "training_time";
  private static final String CREATED_AT = "created_at";

  /**
   * Writes the file; it is whole or absent.
   *
   * @param shapes of the weights, in the state's order
   */
  public void write(Path file, Map<String, Shape> shapes) throws IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    split("", state.weights(), shapes, tensors);
    split(EMA, state.ema(), shapes, tensors);
    split(MEAN, state.mean(), shapes, tensors);
    split(SQUARE, state.square(), shapes, tensors);
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "ancestral-checkpoint-1");
    metadata.put(ITERATION, Integer.toString(state.iteration()));
    metadata.put(TRAINING_TIME, trainingTime.toString());
    metadata.put(CREATED_AT, createdAt.toString());
    new Safetensors(tensors, metadata).write(file);
  }

  /**
   * Reads a file.
   *
   * @param shapes that the network has
   * @throws SafetensorsException if the file is damaged, or is of another network
   */
  public static Checkpoint read(Path file, Map<String, Shape> shapes) throws IOException {
    Safetensors content = Safetensors.read(file);
    Map<String, String> metadata = content.metadata();
    try {
      return new Checkpoint(
          new TrainingState(
              Integer.parseInt(metadata.getOrDefault(ITERATION, "")),
              join(file, "", content, shapes),
              join(file, EMA, content, shapes),
              join(file, MEAN, content, shapes),
              join(file, SQUARE, content, shapes)),
          Duration.parse(metadata.getOrDefault(TRAINING_TIME, "")),
          Instant.parse(metadata.getOrDefault(CREATED_AT, "")));
    } catch (NumberFormatException | java.time.format.DateTimeParseException e) {
      throw new SafetensorsException(file, "not a checkpoint of this program");
    }
  }

  private static void split(
      String prefix, float[] flat, Map<String, Shape> shapes, Map<String, Tensor> tensors) {
    int offset = 0;
    for (var entry : shapes.entrySet()) {
      Shape shape = entry.getValue();
      int end = offset + Math.toIntExact(shape.size());
      tensors.put(
          prefix + entry.getKey(),
          new Tensor(
              Arrays.stream(shape.getShape()).boxed().toList(),
              Arrays.copyOfRange(flat, offset, end)));
      offset = end;
    }
  }

  private static float[] join(
      Path file, String prefix, Safetensors content, Map<String, Shape> shapes)
      throws SafetensorsException {
    long size = shapes.values().stream().mapToLong(Shape::size).sum();
    float[] flat = new float[Math.toIntExact(size)];
    int offset = 0;
    for (var entry : shapes.entrySet()) {
      Tensor tensor = content.tensors().get(prefix + entry.getKey());
      var expected = Arrays.stream(entry.getValue().getShape()).boxed().toList();
      if (tensor == null || !tensor.shape().equals(expected)) {
        throw new SafetensorsException(
            file,
            "%s%s: %s (expected: shape %s, as the run's network has it)"
                .formatted(
                    prefix,
                    entry.getKey(),
                    tensor == null ? "absent" : "shape " + tensor.shape(),
                    expected));
      }
      System.arraycopy(tensor.values(), 0, flat, offset, tensor.values().length);
      offset += tensor.values().length;
    }
    return flat;
  }
}
