package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.WeightsKind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run begins with the weights of another, as far as they fit, and says which. */
class InitTest {
  private static final String START = "checkpoints/iteration-000000.safetensors";

  private final Path directory;
  private final TinyRuns runs;

  InitTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  private TrainingRun start(String name, Path init, String... settings) throws IOException {
    return TrainingRun.start(directory.resolve(name), TinyRuns.config(settings), init, runs.out());
  }

  /** Two images of each class. */
  private String images(String name, int type, String... classes) throws IOException {
    Path folder = directory.resolve(name);
    for (int c = 0; c < classes.length; c++) {
      Path below = Files.createDirectories(folder.resolve(classes[c]));
      for (int i = 0; i < 2; i++) {
        BufferedImage image = new BufferedImage(8, 8, type);
        image.setRGB(i, c, 0xFF2040);
        ImageIO.write(image, "png", below.resolve(i + ".png").toFile());
      }
    }
    return "data.source=" + folder;
  }

  private static float[] tensor(Path checkpoint, String name) throws IOException {
    return Objects.requireNonNull(Safetensors.read(checkpoint).tensors().get(name)).numbers();
  }

  @Test
  void theSameNetworkIsTakenWhole_averagesIncluded_andWhereFromIsKnown() throws Exception {
    Path source = runs.train("source");
    Map<String, float[]> expected =
        Map.of("conv_in.weight", tensor(TensorHashes.newest(source), "ema.conv_in.weight"));
    TinyRuns.trainUntil(start("new", source, "ema.rates=0.5", "output.keep=9"), 3);
    Path root = directory.resolve("new");
    for (String prefix : List.of("model.", "ema.", "ema[0.5].")) {
      assertArrayEquals(
          expected.get("conv_in.weight"), tensor(root.resolve(START), prefix + "conv_in.weight"));
    }
    String said = runs.said();
    assertTrue(
        said.contains("init      " + source + ", the averaged weights after 8 iterations: "), said);
    assertTrue(said.matches("(?s).*: ([\\d,]+) of \\1 weights taken, in \\d+ tensors\n.*"), said);
    String written = Files.readString(root.resolve("init.yaml"));
    assertTrue(written.contains("not_taken: {"), written);
    assertTrue(written.contains("- conv_in.weight\n"), written);
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, warning -> {})) {
      assertEquals(
          source + ", the averaged weights after 8 iterations",
          network.facts().provenance().get("initialised_from"));
    }
  }

  @Test
  void resumedWithoutItsSource_itEndsAsIfNeverStopped() throws Exception {
    Path source = runs.train("source", "training.iterations=2");
    start("straight", source).run(() -> false);
    TinyRuns.trainUntil(start("stopped", source), 1);
    Files.delete(directory.resolve("stopped/checkpoints/iteration-000001.safetensors"));
    Files.move(source, directory.resolve("elsewhere"));
    TrainingRun.resume(directory.resolve("stopped"), Map.of(), runs.out()).run(() -> false);
    assertEquals(
        TensorHashes.ofNewest(directory.resolve("straight")),
        TensorHashes.ofNewest(directory.resolve("stopped")));
  }

  /** What a kill leaves that came before the weights were the run's. */
  @Test
  void killedBeforeItHadTheWeights_itIsNotResumedWithoutThem_butStartedAgain() throws Exception {
    Path source = runs.train("source", "training.iterations=2");
    TrainingRun straight = start("straight", source);
    Path killed = Files.createDirectory(directory.resolve("killed"));
    for (String name : List.of("config.yaml", "data.yaml", "init.pending.yaml")) {
      Files.copy(directory.resolve("straight").resolve(name), killed.resolve(name));
    }
    straight.run(() -> false);
    String said =
        String.valueOf(
            assertThrows(UserError.class, () -> TrainingRun.resume(killed, Map.of(), runs.out()))
                .getMessage());
    assertEquals(
        "%s: was stopped before it had the weights of %s, the averaged weights after 2 iterations (expected: start it again, with --init and without --resume)"
            .formatted(killed, source),
        said);
    assertTrue(!Files.exists(killed.resolve("init.yaml")));
    start("killed", source).run(() -> false);
    assertEquals(
        TensorHashes.ofNewest(directory.resolve("straight")), TensorHashes.ofNewest(killed));
  }

  @Test
  void killedOnceItHadTheWeights_itStillKnowsWhereTheyAreFrom() throws Exception {
    Path source = runs.train("source", "training.iterations=2");
    TinyRuns.trainUntil(start("run", source), 0);
    Path root = directory.resolve("run");
    Files.move(root.resolve("init.yaml"), root.resolve("init.pending.yaml"));
    for (int time = 1; time <= 2; time++) {
      try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, warning -> {})) {
        assertEquals(
            source + ", the averaged weights after 2 iterations",
            network.facts().provenance().get("initialised_from"));
      }
      TinyRuns.trainUntil(TrainingRun.resume(root, Map.of(), runs.out()), 1);
      assertTrue(Files.exists(root.resolve("init.yaml")));
      assertTrue(!Files.exists(root.resolve("init.pending.yaml")));
    }
  }

  @Test
  void otherClassesAndAnotherHead_whatFitsIsTaken_andTheRestIsNamedWithTheReason()
      throws Exception {
    Path source =
        runs.train(
            "source", images("two", BufferedImage.TYPE_BYTE_GRAY, "cat", "dog"), "data.channels=1");
    TinyRuns.trainUntil(
        start(
            "new",
            source,
            images("three", BufferedImage.TYPE_INT_RGB, "bird", "cat", "dog"),
            "data.channels=3"),
        1);
    String said = runs.said();
    assertTrue(
        said.contains("  not taken  conv_in.weight: shape [8, 1, 3, 3] there, [8, 3, 3, 3] here\n"),
        said);
    assertTrue(said.contains("  not taken  conv_out.bias: shape [1] there, [3] here\n"), said);
    assertTrue(
        said.contains("  not taken  class_embedding.weight: the source does not know bird\n"),
        said);
    float[] before = tensor(TensorHashes.newest(source), "ema.class_embedding.weight");
    float[] after = tensor(directory.resolve("new").resolve(START), "model.class_embedding.weight");
    int width = before.length / 3;
    assertEquals(4 * width, after.length);
    for (int i = 0; i < 3 * width; i++) {
      // Rows cat, dog and null there are rows 1, 2 and 3 here.
      assertEquals(before[i], after[width + i]);
    }
    assertArrayEquals(
        tensor(TensorHashes.newest(source), "ema.mid_block.resnets.0.conv1.weight"),
        tensor(directory.resolve("new").resolve(START), "model.mid_block.resnets.0.conv1.weight"));
  }

  @Test
  void classesOfTheSameNumberAreTakenByTheirNames() throws Exception {
    Path source = runs.train("source", images("one", BufferedImage.TYPE_BYTE_GRAY, "cat", "dog"));
    TinyRuns.trainUntil(
        start("new", source, images("other", BufferedImage.TYPE_BYTE_GRAY, "ant", "cat")), 1);
    float[] before = tensor(TensorHashes.newest(source), "ema.class_embedding.weight");
    float[] after = tensor(directory.resolve("new").resolve(START), "model.class_embedding.weight");
    int width = before.length / 3;
    for (int i = 0; i < width; i++) {
      assertEquals(before[i], after[width + i], "cat is row 0 there, 1 here");
      assertEquals(before[2 * width + i], after[2 * width + i], "the null label");
    }
  }

  @Test
  void weightsOfADirectoryOfDiffusersAreTakenByTheirNames() throws Exception {
    Path source = runs.train("source");
    List<Safetensors.Tensor> tensors = new ArrayList<>();
    for (Safetensors.Tensor tensor :
        Safetensors.read(TensorHashes.newest(source)).tensors().values()) {
      if (tensor.name().startsWith("model.") && !tensor.name().startsWith("model.conv_out.")) {
        tensors.add(
            new Safetensors.Tensor(
                tensor.name().substring("model.".length()), tensor.shape(), tensor.values()));
      }
    }
    tensors.add(new Safetensors.Tensor("add_embedding", List.of(1L), FloatBuffer.allocate(1)));
    Path file = directory.resolve("model/unet/diffusion_pytorch_model.safetensors");
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.writeTo(out, Map.of("format", "pt"), tensors);
    }
    Path model = directory.resolve("model");
    Files.createDirectories(model.resolve("scheduler"));
    Files.writeString(
        model.resolve("scheduler/scheduler_config.json"),
        "{\"_class_name\": \"DDPMScheduler\", \"prediction_type\": \"v_prediction\"}");
    Path network = model.resolve("unet/config.json");
    Files.writeString(network, "{\"norm_num_groups\": 4, \"norm_eps\": 1e-06}");
    assertEquals(
        "--init: %s has norm_eps 1.0E-6 (expected: 1.0E-5, as the network has here; with another the same weights are another function)"
            .formatted(model),
        assertThrows(UserError.class, () -> start("new", model)).getMessage());
    Files.writeString(network, "{\"norm_num_groups\": 4, \"norm_eps\": 1e-05}");
    TinyRuns.trainUntil(start("new", model), 1);
    String said = runs.said();
    assertTrue(
        said.contains("  differs    prediction_type: v_prediction there, epsilon here\n"), said);
    assertTrue(
        said.contains("  differs    schedule: of 1000 timesteps there, another of 20 here\n"),
        said);
    assertTrue(said.contains("  not taken  conv_out.weight: the source has none\n"), said);
    assertTrue(said.contains("  not used   add_embedding\n"), said);
    assertArrayEquals(
        tensor(TensorHashes.newest(source), "model.conv_in.weight"),
        tensor(directory.resolve("new").resolve(START), "model.conv_in.weight"));
  }

  @ParameterizedTest
  @CsvSource({
    "attention_head_dim, 4, 8.0, 4.0",
    "norm_num_groups, 2, 4.0, 2.0",
    "norm_eps, 0.001, 1.0E-5, 0.001",
    "freq_shift, 1, 0.0, 1.0",
    "flip_sin_to_cos, false, true, false"
  })
  void weightsThatWouldBeAnotherFunctionAreRefused(
      String key, String value, String there, String here) throws Exception {
    Path source = runs.train("source", "training.iterations=1");
    assertEquals(
        "--init: %s, the averaged weights after 1 iterations has %s %s (expected: %s, as the network has here; with another the same weights are another function)"
            .formatted(source, key, there, here),
        assertThrows(UserError.class, () -> start("new", source, "network." + key + "=" + value))
            .getMessage());
    assertTrue(!Files.exists(directory.resolve("new")));
  }

  @Test
  void whatTheWeightsWereToPredict_isSaidWhereItDiffers() throws Exception {
    Path source = runs.train("source", "training.iterations=1");
    String before = runs.said();
    TinyRuns.trainUntil(start("same", source), 0);
    assertTrue(!runs.said().substring(before.length()).contains("  differs "), runs.said());
    TinyRuns.trainUntil(
        start(
            "new",
            source,
            "prediction_type=v_prediction",
            "schedule.name=linear",
            "data.range=0,1"),
        0);
    String said = runs.said();
    assertTrue(
        said.contains("  differs    prediction_type: epsilon there, v_prediction here\n"), said);
    assertTrue(
        said.contains("  differs    schedule: of 20 timesteps there, another of 20 here\n"), said);
    assertTrue(
        said.contains("  differs    data range: [-1.0, 1.0] there, [0.0, 1.0] here\n"), said);
  }

  @Test
  void whatHoldsNoWeightsByName_orNoneThatFits_isRefused_andNothingIsLeft() throws Exception {
    Path empty = Files.createDirectories(directory.resolve("empty"));
    assertEquals(
        "--init: "
            + empty
            + " holds no weights by name (expected: a run, or the bundle of a unet, which has unet/diffusion_pytorch_model.safetensors)",
        assertThrows(UserError.class, () -> start("new", empty)).getMessage());
    Path points =
        Path.of(Objects.requireNonNull(InitTest.class.getResource("run-of-0.1.0")).toURI());
    String message =
        String.valueOf(assertThrows(UserError.class, () -> start("new", points)).getMessage());
    assertTrue(message.contains("has no tensor that fits, such as "), message);
    assertTrue(!Files.exists(directory.resolve("new")));
  }
}
