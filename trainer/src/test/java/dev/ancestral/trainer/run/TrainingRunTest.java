package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
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
    assertEquals(List.of("000004.png", "000008.png"), names(root.resolve("samples")));
    List<String> metrics = Files.readAllLines(root.resolve("metrics.csv"));
    assertEquals(9, metrics.size());
    assertEquals("iteration,loss,gradient_norm,learning_rate", metrics.get(0));
    assertTrue(metrics.get(8).startsWith("8,"), metrics.get(8));
    assertTrue(ImageIO.read(root.resolve("loss.png").toFile()).getWidth() > 100);
    assertTrue(ImageIO.read(root.resolve("samples/000008.png").toFile()).getWidth() > 100);
    TrainingConfig written = RunDirectory.open(root).config();
    assertEquals(TrainingRun.resolve(config()), written);
  }

  @Test
  void stoppedAndResumed_everyTensorIsThatOfARunNeverStopped() throws Exception {
    Map<String, String> straight = hashes(train("straight"));
    Path root = directory.resolve("stopped");
    trainUntil(TrainingRun.start(root, config(), out), 3);
    assertEquals(
        List.of("iteration-000002.safetensors", "iteration-000003.safetensors"),
        names(root.resolve("checkpoints")));
    TrainingRun.resume(root, out).run(() -> false);
    assertEquals(straight, hashes(root));
    assertEquals(
        Files.readString(directory.resolve("straight/metrics.csv")),
        Files.readString(root.resolve("metrics.csv")));
  }

  @Test
  void stoppedAndResumed_soAreTimestepsThatFollowTheLosses() throws Exception {
    String[] settings = {
      "loss.timesteps=second_moment", "schedule.timesteps=3", "training.batch=24"
    };
    Map<String, String> straight = hashes(train("straight", settings));
    assertTrue(straight.containsKey("timesteps.losses"), straight.keySet().toString());
    Path root = directory.resolve("stopped");
    trainUntil(TrainingRun.start(root, config(settings), out), 4);
    TrainingRun.resume(root, out).run(() -> false);
    assertEquals(straight, hashes(root));
  }

  @Test
  void aDamagedCheckpointIsPassedOver_sayingSo_andTheEndIsTheSame() throws Exception {
    Map<String, String> straight = hashes(train("straight"));
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
    assertEquals(straight, hashes(root));
  }

  @Test
  void withoutAWholeCheckpoint_resumingIsRefused() throws IOException {
    Path root = train("run");
    for (String name : names(root.resolve("checkpoints"))) {
      Files.write(root.resolve("checkpoints").resolve(name), new byte[] {1, 2, 3});
    }
    UserError error =
        assertThrows(UserError.class, () -> TrainingRun.resume(root, out).run(() -> false));
    assertTrue(String.valueOf(error.getMessage()).contains("no checkpoint is whole"));
  }

  @Test
  void aSecondRunInTheSamePlaceIsRefused_andChangesNothing() throws Exception {
    Path root = train("run");
    Map<String, String> before = hashes(root);
    assertThrows(UserError.class, () -> TrainingRun.start(root, config(), out));
    assertEquals(before, hashes(root));
  }

  @Test
  void whatDoesNotFitLeavesNoDirectoryBehind() {
    Path root = directory.resolve("never");
    assertThrows(
        IllegalArgumentException.class,
        () -> TrainingRun.start(root, config("sampling.steps=21"), out));
    assertThrows(
        IllegalArgumentException.class,
        () -> TrainingRun.start(root, config("network.norm_num_groups=3"), out));
    assertThrows(
        IllegalArgumentException.class,
        () -> TrainingRun.start(root, config("loss.type=hybrid"), out));
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

  /** SHA-256 of every tensor of the newest checkpoint. */
  private static Map<String, String> hashes(Path root) throws Exception {
    List<String> files = new ArrayList<>(names(root.resolve("checkpoints")));
    Path newest = root.resolve("checkpoints").resolve(files.get(files.size() - 1));
    Map<String, String> hashes = new LinkedHashMap<>();
    for (Safetensors.Tensor tensor : Safetensors.read(newest).tensors().values()) {
      ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.values().remaining());
      bytes.asFloatBuffer().put(tensor.values().duplicate());
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
      hashes.put(tensor.name(), HexFormat.of().formatHex(digest));
    }
    return hashes;
  }
}
