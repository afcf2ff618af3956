package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
    assertEquals(straight, TensorHashes.ofNewest(root));
    assertEquals(TinyRuns.metrics(directory.resolve("straight")), TinyRuns.metrics(root));
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
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
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
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
    String said = runs.said();
    assertTrue(said.contains(newest + ": is damaged"), said);
    assertTrue(said.contains("resumed   after iteration 4"), said);
    assertEquals(straight, TensorHashes.ofNewest(root));
  }

  @Test
  void aCheckpointCutOrFlippedAnywhere_isPassedOverForTheOneBefore() throws IOException {
    Path root = runs.train("run");
    Path newest = root.resolve("checkpoints/iteration-000008.safetensors");
    Map<String, Shape> shapes = TinyRuns.shapes(newest);
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

  /** Two images of each class in a folder of its own. */
  private void images(Path folder, int width, String... classes) throws IOException {
    for (String name : classes) {
      Path below = Files.createDirectories(folder.resolve(name));
      for (int i = 0; i < 2; i++) {
        BufferedImage image = new BufferedImage(width, 8, BufferedImage.TYPE_BYTE_GRAY);
        image.setRGB(i, 0, 0xFFFFFF);
        ImageIO.write(image, "png", below.resolve(i + ".png").toFile());
      }
    }
  }

  @Test
  void dataThatMovedAreTheRunsData_andItKnowsWhereTheyAre() throws Exception {
    Path before = directory.resolve("images");
    Path after = directory.resolve("elsewhere");
    images(before, 8, "cat", "dog");
    Map<String, String> straight =
        TensorHashes.ofNewest(runs.train("straight", "data.source=" + before));
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(
        TrainingRun.start(root, TinyRuns.config("data.source=" + before), runs.out()), 3);
    Files.move(before, after);
    TinyRuns.trainUntil(TrainingRun.resume(root, dataAt(after), runs.out()), 2);
    assertEquals(after.toString(), RunDirectory.open(root).config().data().source());
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
    assertEquals(straight, TensorHashes.ofNewest(root));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          12 | cat dog      | shape: [1, 8, 12] (expected: [1, 8, 8], as %s says of the run's data)
          8  | cat bird     | has no class 'dog' (expected: the 2 classes of the run's data, as %s says)
          8  | cat          | has no class 'dog' (expected: the 2 classes of the run's data, as %s says)
          8  | cat dog bird | has a class 'bird' (expected: the 2 classes of the run's data, as %s says)
          """)
  void otherDataThanTheRunsAreRefused_andNothingIsLost(int width, String classes, String line)
      throws Exception {
    Path folder = directory.resolve("images");
    Path other = directory.resolve("other");
    images(folder, 8, "cat", "dog");
    images(other, width, classes.split(" "));
    Path root = runs.train("run", "data.source=" + folder, "training.iterations=1");
    Path part = Files.writeString(root.resolve(".loss.png.99999999999.tmp"), "half");
    String config = Files.readString(root.resolve("config.yaml"));
    Map<String, String> weights = TensorHashes.ofNewest(root);
    assertEquals(
        other + ": " + line.formatted(root.resolve("data.yaml")), refusal(root, dataAt(other)));
    assertEquals(config, Files.readString(root.resolve("config.yaml")));
    assertEquals(weights, TensorHashes.ofNewest(root));
    assertTrue(Files.exists(part));
  }

  @Test
  void classesKeepTheOrderThatTheRunRecorded_whateverTheOrderIsNow() throws Exception {
    Path folder = directory.resolve("images");
    images(folder, 8, "1", "2", "10");
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(
        TrainingRun.start(root, TinyRuns.config("data.source=" + folder), runs.out()), 3);
    Path file = root.resolve("data.yaml");
    String natural = Files.readString(file);
    assertTrue(natural.endsWith("class_names:\n- '1'\n- '2'\n- '10'\n"), natural);
    // As a version before recorded it.
    Files.writeString(file, natural.replace("- '2'\n- '10'\n", "- '10'\n- '2'\n"));
    Path moved = Files.move(folder, directory.resolve("elsewhere"));
    TrainingRun.resume(root, dataAt(moved), runs.out()).run(() -> false);
    assertTrue(runs.said().contains("class 1   10  2 images\nclass 2   2   2 images\n"));
    Files.delete(file);
    assertEquals(
        List.of("1", "10", "2"),
        RunDirectory.open(root).data().description().classNames(),
        "a run without data.yaml is of a version that sorted by characters");
  }

  private static Map<String, Object> dataAt(Path place) {
    return Map.of("data", Map.of("source", place.toString()));
  }

  private String refusal(Path root, Map<String, Object> changes) {
    return String.valueOf(
        assertThrows(UserError.class, () -> TrainingRun.resume(root, changes, runs.out()))
            .getMessage());
  }

  @Test
  void aRangeThatChangedSinceTheStartIsRefused() throws Exception {
    Path root = runs.train("run", "training.iterations=1");
    Path file = root.resolve("config.yaml");
    Files.writeString(file, Files.readString(file).replace("range: null", "range: [0, 1]"));
    assertEquals(
        "builtin:digits: range: [0.0, 1.0] (expected: [-1.0, 1.0], as %s says of the run's data)"
            .formatted(root.resolve("data.yaml")),
        refusal(root, Map.of()));
  }

  @Test
  void otherLevelsThanTheRunsAreRefused() throws Exception {
    Path root = runs.train("run", "training.iterations=1");
    Path file = root.resolve("data.yaml");
    Files.writeString(file, Files.readString(file).replace("levels: 17", "levels: 256"));
    assertEquals(
        "builtin:digits: levels: 17 (expected: 256, as %s says of the run's data)".formatted(file),
        refusal(root, Map.of()));
  }

  @Test
  void classesThatTheNetworkIsNotToldOfMayChange() throws Exception {
    Path folder = directory.resolve("images");
    Path other = directory.resolve("other");
    images(folder, 8, "cat", "dog");
    images(other, 8, "all");
    Path root = directory.resolve("run");
    TinyRuns.trainUntil(
        TrainingRun.start(
            root, TinyRuns.config("data.source=" + folder, "data.conditional=false"), runs.out()),
        1);
    assertEquals(
        TrainingRun.Outcome.FINISHED,
        TrainingRun.resume(root, dataAt(other), runs.out()).run(() -> false));
  }

  @Test
  void withoutAWholeCheckpoint_resumingIsRefused() throws IOException {
    Path root = runs.train("run");
    for (String name : TinyRuns.names(root.resolve("checkpoints"))) {
      Files.write(root.resolve("checkpoints").resolve(name), new byte[] {1, 2, 3});
    }
    UserError error =
        assertThrows(
            UserError.class, () -> TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false));
    assertEquals(
        root.resolve("checkpoints/iteration-000006.safetensors")
            + ": is cut (expected: a safetensors file); no checkpoint is whole (expected: at least"
            + " 1)",
        error.getMessage());
    assertTrue(
        runs.said()
            .contains(root.resolve("checkpoints/iteration-000008.safetensors") + ": is cut"));
  }
}
