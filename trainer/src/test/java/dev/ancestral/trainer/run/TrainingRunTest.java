package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataOptions;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  @TempDir private Path directory;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  private static TrainingConfig config(String... settings) {
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
            "training", Map.of("iterations", 8, "batch", 4, "warmup", 2),
            "output", Map.of("sample_every", 4, "checkpoint_every", 2, "keep", 2, "samples", 12),
            "sampling", Map.of("steps", 3));
    for (String setting : settings) {
      merged = ConfigSources.merge(merged, ConfigSources.setting(setting));
    }
    return TrainingConfig.of(merged);
  }

  private Path train(String name, String... settings) throws IOException {
    Path root = directory.resolve(name);
    assertEquals(
        TrainingRun.Outcome.FINISHED,
        TrainingRun.start(root, config(settings), out).run(() -> false));
    return root;
  }

  /** Asks to stop once this many iterations have been done. */
  private void trainUntil(TrainingRun run, int iterations) throws IOException {
    int[] asked = {0};
    assertEquals(TrainingRun.Outcome.STOPPED, run.run(() -> asked[0]++ == iterations));
  }

  @Test
  void aRunLeavesEverythingThatTheDirectoryPromises() throws IOException {
    Path root = train("run");
    assertEquals(
        List.of("iteration-000006.safetensors", "iteration-000008.safetensors"),
        names(root.resolve("checkpoints")));
    assertEquals(
        List.of("000004.gif", "000004.png", "000008.gif", "000008.png"),
        names(root.resolve("samples")));
    assertEquals(4, frames(root.resolve("samples/000008.gif")), "x_T and three steps");
    List<String> metrics = Files.readAllLines(root.resolve("metrics.csv"));
    assertEquals(9, metrics.size());
    assertEquals("iteration,loss,gradient_norm,learning_rate", metrics.get(0));
    assertTrue(metrics.get(8).startsWith("8,"), metrics.get(8));
    assertTrue(ImageIO.read(root.resolve("loss.png").toFile()).getWidth() > 100);
    assertTrue(ImageIO.read(root.resolve("samples/000008.png").toFile()).getWidth() > 100);
    TrainingConfig written = RunDirectory.open(root).config();
    assertEquals(TrainingRun.resolve(config()), written);
  }

  private static int frames(Path gif) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(gif.toFile())) {
      reader.setInput(in);
      return reader.getNumImages(true);
    } finally {
      reader.dispose();
    }
  }

  @Test
  void pointsAreDrawnAsPoints_andTheirChainInTenStates() throws IOException {
    Path root = directory.resolve("points");
    Map<String, Object> settings = ConfigSources.preset("swiss-roll-ddpm");
    for (String setting :
        List.of(
            "data.source=builtin:swiss-roll",
            "network.width=8",
            "training.iterations=2",
            "output.samples=30")) {
      settings = ConfigSources.merge(settings, ConfigSources.setting(setting));
    }
    TrainingRun.start(root, TrainingConfig.of(settings), out).run(() -> false);
    BufferedImage scatter = ImageIO.read(root.resolve("samples/000002.png").toFile());
    assertEquals(480, scatter.getWidth());
    assertEquals(480, scatter.getHeight());
    assertEquals(10, frames(root.resolve("samples/000002.gif")));
  }

  @Test
  void aSingleImage_notSquare_fillsEveryBatch_andItsRangeIsKept() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("images"));
    ImageIO.write(
        new BufferedImage(8, 4, BufferedImage.TYPE_INT_RGB),
        "png",
        folder.resolve("only.png").toFile());
    Path root =
        train(
            "single",
            "data.source=" + folder,
            "data.range=[0, 1]",
            "data.augmentation={horizontal_flip: true, translation: 1}",
            "training.iterations=2");
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, out::println)) {
      assertEquals(new DataSpec(List.of(3L, 4L, 8L), 0, 1, 256), network.facts().data());
      assertEquals("1", network.facts().provenance().get("samples"));
      assertEquals(
          "horizontal flip on, translation up to 1 pixels",
          network.facts().provenance().get("augmentation"));
    }
    assertEquals(
        new DataOptions.Range(0, 1), RunDirectory.open(root).config().data().options().range());
  }

  @Test
  void aRunKnowsItsData_whereverTheseAreNow() throws IOException {
    Path folder = directory.resolve("images");
    for (String name : List.of("7", "true", "cat: \"tame\"")) {
      ImageIO.write(
          new BufferedImage(8, 4, BufferedImage.TYPE_BYTE_GRAY),
          "png",
          Files.createDirectories(folder.resolve(name)).resolve("only.png").toFile());
    }
    Path root = train("moved", "data.source=" + folder, "training.iterations=1");
    Bundle before = facts(root);
    assertEquals(
        List.of("7", "cat: \"tame\"", "true"),
        Objects.requireNonNull(before.conditioning()).classNames());
    Files.move(folder, directory.resolve("elsewhere"));
    assertEquals(before, facts(root));
    Files.move(directory.resolve("elsewhere"), folder);
    Files.delete(root.resolve("data.yaml"));
    assertEquals(before, facts(root), "a run of an older version asks the data");
    Files.writeString(root.resolve("data.yaml"), "range: [1]\n");
    assertEquals(
        root.resolve("data.yaml") + ": range: [1.0] (expected: two numbers)",
        assertThrows(IllegalArgumentException.class, () -> facts(root)).getMessage());
  }

  private Bundle facts(Path root) throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, out::println)) {
      return network.facts();
    }
  }

  @Test
  void stoppedAndResumed_everyTensorIsThatOfARunNeverStopped() throws Exception {
    Map<String, String> straight = TensorHashes.ofNewest(train("straight"));
    Path root = directory.resolve("stopped");
    trainUntil(TrainingRun.start(root, config(), out), 3);
    assertEquals(
        List.of("iteration-000002.safetensors", "iteration-000003.safetensors"),
        names(root.resolve("checkpoints")));
    TrainingRun.resume(root, out).run(() -> false);
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
    Map<String, String> straight = TensorHashes.ofNewest(train("straight", settings));
    assertTrue(straight.containsKey("timesteps.losses"), straight.keySet().toString());
    Path root = directory.resolve("stopped");
    trainUntil(TrainingRun.start(root, config(settings), out), 4);
    TrainingRun.resume(root, out).run(() -> false);
    assertEquals(straight, TensorHashes.ofNewest(root));
  }

  @Test
  void aDamagedCheckpointIsPassedOver_sayingSo_andTheEndIsTheSame() throws Exception {
    Map<String, String> straight = TensorHashes.ofNewest(train("straight"));
    Path root = directory.resolve("damaged");
    trainUntil(TrainingRun.start(root, config(), out), 5);
    Path newest = root.resolve("checkpoints/iteration-000005.safetensors");
    byte[] bytes = Files.readAllBytes(newest);
    bytes[bytes.length / 2] ^= 4;
    Files.write(newest, bytes);
    TrainingRun.resume(root, out).run(() -> false);
    String said = printed.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains(newest + ": is damaged"), said);
    assertTrue(said.contains("resumed   after iteration 4"), said);
    assertEquals(straight, TensorHashes.ofNewest(root));
  }

  @Test
  void aCheckpointCutOrFlippedAnywhere_isPassedOverForTheOneBefore() throws IOException {
    Path root = train("run");
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
    Path root = train("run");
    for (String name : names(root.resolve("checkpoints"))) {
      Files.write(root.resolve("checkpoints").resolve(name), new byte[] {1, 2, 3});
    }
    UserError error =
        assertThrows(UserError.class, () -> TrainingRun.resume(root, out).run(() -> false));
    assertEquals(
        root.resolve("checkpoints/iteration-000006.safetensors")
            + ": is cut (expected: a safetensors file); no checkpoint is whole (expected: at least 1)",
        error.getMessage());
    assertTrue(
        printed
            .toString(StandardCharsets.UTF_8)
            .contains(root.resolve("checkpoints/iteration-000008.safetensors") + ": is cut"));
  }

  @Test
  void aSecondRunInTheSamePlaceIsRefused_andChangesNothing() throws Exception {
    Path root = train("run");
    Map<String, String> before = TensorHashes.ofNewest(root);
    assertThrows(UserError.class, () -> TrainingRun.start(root, config(), out));
    assertEquals(before, TensorHashes.ofNewest(root));
  }

  @Test
  void whatDoesNotFitLeavesNoDirectoryBehind() {
    Path root = directory.resolve("never");
    for (String setting :
        List.of(
            "sampling.steps=0",
            "sampling.steps=21",
            "network.norm_num_groups=3",
            "loss.type=hybrid")) {
      IllegalArgumentException error =
          assertThrows(
              IllegalArgumentException.class, () -> TrainingRun.start(root, config(setting), out));
      String field = setting.substring(setting.indexOf('.') + 1, setting.indexOf('='));
      assertTrue(String.valueOf(error.getMessage()).contains(field), error.getMessage());
    }
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> TrainingRun.start(root, config("loss.type=vlb", "loss.offset_noise=0.1"), out));
    assertEquals(
        "loss.offset_noise: 0.1 with loss.type vlb (expected: 0, or images and a loss that presumes nothing of the noise)",
        error.getMessage());
    error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TrainingRun.start(
                    root, config("loss.type=sliced_score", "prediction_type=score"), out));
    assertEquals(
        "loss.type: sliced_score with network.type unet (expected: a network that has a tangent, such as score_mlp or conditional_mlp)",
        error.getMessage());
    assertFalse(Files.exists(root));
  }

  @Test
  void trainingThatDivergesStops_andTheLastGoodCheckpointStays() throws IOException {
    Path root = directory.resolve("diverged");
    UserError error =
        assertThrows(
            UserError.class,
            () ->
                TrainingRun.start(
                        root,
                        config(
                            "training.learning_rate=1e30",
                            "training.warmup=0",
                            "output.checkpoint_every=1"),
                        out)
                    .run(() -> false));
    assertTrue(String.valueOf(error.getMessage()).startsWith("training diverged at iteration"));
    assertTrue(String.valueOf(error.getMessage()).endsWith(" stays"), error.getMessage());
    assertFalse(names(root.resolve("checkpoints")).isEmpty());
  }

  @Test
  void progressIsTheMeanLossSinceTheLineBefore() throws IOException {
    Path root = train("run", "output.print_every=3");
    List<Double> losses = Metrics.losses(root.resolve("metrics.csv"));
    String said = printed.toString(StandardCharsets.UTF_8);
    for (int end : new int[] {3, 6, 8}) {
      double mean =
          losses.subList((end - 1) / 3 * 3, end).stream()
              .mapToDouble(Double::doubleValue)
              .average()
              .orElseThrow();
      String line = String.format(Locale.ROOT, "iteration %d of 8: loss %.4f,", end, mean);
      assertTrue(said.contains(line), line + " in " + said);
    }
  }

  @Test
  void finalNoiseThatStillShowsTheDataIsWarnedOf() throws IOException {
    train("noisy", "training.iterations=1", "schedule.name=linear");
    assertTrue(printed.toString(StandardCharsets.UTF_8).contains("warning: final SNR"));
  }

  @Test
  void theTrainedNetworkIsTheAverageOrTheRawWeights_withItsProvenance() throws IOException {
    Path root = train("run");
    float[] ema = prediction(root, WeightsKind.EMA);
    float[] raw = prediction(root, WeightsKind.RAW);
    assertEquals(64, ema.length);
    assertFalse(FloatBuffer.wrap(ema).equals(FloatBuffer.wrap(raw)));
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, out::println)) {
      Map<String, String> words = network.facts().provenance();
      assertEquals("8", words.get("iterations"));
      assertEquals("builtin:digits", words.get("data"));
      assertEquals("ema", words.get("weights"));
      assertTrue(words.containsKey("training_seconds"), words.toString());
      assertTrue(words.containsKey("trained_at"), words.toString());
      assertTrue(String.valueOf(words.get("versions")).contains("PyTorch 2"), words.toString());
    }
  }

  private float[] prediction(Path root, WeightsKind kind) throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(root, kind, out::println)) {
      var manager = network.manager();
      NDList inputs =
          new NDList(
              manager.ones(new Shape(1, 1, 8, 8)),
              manager.create(new float[] {7}),
              manager.create(new long[] {2}));
      return network
          .block()
          .forward(new ParameterStore(manager, false), inputs, false)
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
