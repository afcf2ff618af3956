package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Trainings that take a second, below one directory. */
final class TinyRuns {
  private final Path directory;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  TinyRuns(Path directory) {
    this.directory = directory;
  }

  /** Where runs say what they do. */
  PrintStream out() {
    return out;
  }

  /** What they have said so far. */
  String said() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Eight iterations of a U-Net of 8 channels, but for these settings. */
  static TrainingConfig config(String... settings) {
    Map<String, Object> merged =
        Map.of(
            "schedule", Map.of("timesteps", 20, "name", "squaredcos_cap_v2"),
            "network",
                Map.of(
                    "block_out_channels",
                    List.of(8, 8),
                    "layers_per_block",
                    1,
                    "norm_num_groups",
                    4,
                    "dropout",
                    0.1),
            "training", Map.of("iterations", 8, "batch", 4, "warmup", 2, "threads", 1),
            "output",
                Map.of(
                    "sample_every",
                    4,
                    "checkpoint_every",
                    2,
                    "keep",
                    2,
                    "samples",
                    12,
                    "held_out",
                    6),
            "sampling", Map.of("steps", 3));
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(merged);
  }

  /** Trains to the end; returns the run directory. */
  Path train(String name, String... settings) throws IOException {
    Path root = directory.resolve(name);
    assertEquals(
        TrainingRun.Outcome.FINISHED,
        TrainingRun.start(root, config(settings), out).run(() -> false));
    return root;
  }

  /** Asks to stop once this many iterations have been done. */
  static void trainUntil(TrainingRun run, int iterations) throws IOException {
    int[] asked = {0};
    assertEquals(TrainingRun.Outcome.STOPPED, run.run(() -> asked[0]++ == iterations));
  }

  /** What its iterations measured, but for how long they waited: that is never the same twice. */
  static List<String> metrics(Path run) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve("metrics.csv"));
    int waiting = List.of(lines.get(0).split(",")).indexOf("waiting");
    assertTrue(waiting >= 0, lines.get(0));
    return lines.stream()
        .map(
            line -> {
              List<String> values = new ArrayList<>(List.of(line.split(",", -1)));
              values.remove(waiting);
              return String.join(",", values);
            })
        .toList();
  }

  /** Names and shapes of the network of a checkpoint. */
  static Map<String, Shape> shapes(Path checkpoint) throws IOException {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (Safetensors.Tensor tensor : Safetensors.read(checkpoint).tensors().values()) {
      if (tensor.name().startsWith("model.")) {
        shapes.put(
            tensor.name().substring("model.".length()),
            new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray()));
      }
    }
    return shapes;
  }

  /** How many frames an animation has. */
  static int frames(Path gif) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(gif.toFile())) {
      reader.setInput(in);
      return reader.getNumImages(true);
    } finally {
      reader.dispose();
    }
  }

  /** What is in a directory, by name. */
  static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
