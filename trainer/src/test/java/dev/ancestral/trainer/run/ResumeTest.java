package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that stopped, or was stopped, goes on to where it would have come. */
class ResumeTest {
  private final Path directory;
  private final TinyRuns runs;

  ResumeTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  @Test
  void stoppedAndResumed_everyTensorIsThatOfARunNeverStopped() throws Exception {
    Map<String, String> straight = TensorHashes.ofNewest(runs.train("straight"));
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(TrainingRun.start(root, TinyRuns.config(), runs.out()), 3);
    assertEquals(
        List.of("iteration-000002.safetensors", "iteration-000003.safetensors"),
        TinyRuns.names(root.resolve("checkpoints")));
    TrainingRun.resume(root, runs.out()).run(() -> false);
    assertEquals(straight, TensorHashes.ofNewest(root));
    assertEquals(
        Files.readString(directory.resolve("straight/metrics.csv")),
        Files.readString(root.resolve("metrics.csv")));
  }

  @Test
  void stoppedAndResumed_soAreTimestepsThatFollowTheLosses() throws Exception {
    String[] settings = {
      "loss.timesteps=second_moment", "schedule.timesteps=3", "training.batch=24"
    };
    Map<String, String> straight = TensorHashes.ofNewest(runs.train("straight", settings));
    assertTrue(straight.containsKey("timesteps.losses"), straight.keySet().toString());
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(TrainingRun.start(root, TinyRuns.config(settings), runs.out()), 4);
    TrainingRun.resume(root, runs.out()).run(() -> false);
    assertEquals(straight, TensorHashes.ofNewest(root));
  }

  @Test
  void aDamagedCheckpointIsPassedOver_sayingSo_andTheEndIsTheSame() throws Exception {
    Map<String, String> straight = TensorHashes.ofNewest(runs.train("straight"));
    Path root = directory.resolve("damaged");
    TinyRuns.trainUntil(TrainingRun.start(root, TinyRuns.config(), runs.out()), 5);
    Path newest = root.resolve("checkpoints/iteration-000005.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 4;
    Files.write(newest, bytes);
    TrainingRun.resume(root, runs.out()).run(() -> false);
    String said = runs.said();
    assertTrue(said.contains(newest + ": is damaged"), said);
    assertTrue(said.contains("resumed   after iteration 4"), said);
    assertEquals(straight, TensorHashes.ofNewest(root));
  }

  @Test
  void aCheckpointCutOrFlippedAnywhere_isPassedOverForTheOneBefore() throws IOException {
    Path root = runs.train("run");
    Path newest = root.resolve("checkpoints/iteration-000008.safetensors");
    Safetensors.Content content = Safetensors.read(newest);
    Map<String, Shape> shapes = new LinkedHashMap<>();
    content.tensors().values().stream()
        .filter(tensor -> tensor.name().startsWith("model."))
        .forEach(
            tensor ->
                shapes.put(
                    tensor.name().substring("model.".length()),
                    new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray())));
    byte[] whole = Files.readAllBytes(newest);
    for (int position : positionsInEveryRegion(whole)) {
      byte[] flipped = whole.clone();
      flipped[position] ^= 0x10;
      for (byte[] damaged : List.of(flipped, Arrays.copyOf(whole, position))) {
        Files.write(newest, damaged);
        List<String> warnings = new ArrayList<>();
        int iteration =
            RunDirectory.open(root)
                .checkpoints()
                .latest(shapes, warnings::add)
                .orElseThrow()
                .state()
                .iteration();
        assertEquals(6, iteration, "byte " + position);
        assertEquals(1, warnings.size());
        assertTrue(warnings.get(0).startsWith(newest + ": "), warnings.get(0));
        assertTrue(warnings.get(0).endsWith("; the one before it is used"), warnings.get(0));
      }
    }
    Files.write(newest, whole);
    assertEquals(
        8,
        RunDirectory.open(root)
            .checkpoints()
            .latest(shapes, warning -> fail(warning))
            .orElseThrow()
            .state()
            .iteration());
  }

  /** The length, every 97th byte of the header, and each quarter of the data with both its ends. */
  private static Set<Integer> positionsInEveryRegion(byte[] file) {
    int data = 8 + (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    Set<Integer> positions = new TreeSet<>();
    for (int i = 0; i < 8; i++) {
      positions.add(i);
    }
    for (int i = 8; i < data; i += 97) {
      positions.add(i);
    }
    positions.add(data - 1);
    int quarter = (file.length - data) / 4;
    for (int i = 0; i < 4; i++) {
      positions.add(data + i * quarter);
      positions.add(data + i * quarter + quarter / 2);
      positions.add(data + (i + 1) * quarter - 1);
    }
    return positions;
  }

  @Test
  void withoutAWholeCheckpoint_resumingIsRefused() throws IOException {
    Path root = runs.train("run");
    for (String name : TinyRuns.names(root.resolve("checkpoints"))) {
      Files.write(root.resolve("checkpoints").resolve(name), new byte[] {1, 2, 3});
    }
    UserError error =
        assertThrows(UserError.class, () -> TrainingRun.resume(root, runs.out()).run(() -> false));
    assertEquals(
        root.resolve("checkpoints/iteration-000006.safetensors")
            + ": is cut (expected: a safetensors file); no checkpoint is whole (expected: at least 1)",
        error.getMessage());
    assertTrue(
        runs.said()
            .contains(root.resolve("checkpoints/iteration-000008.safetensors") + ": is cut"));
  }
}
