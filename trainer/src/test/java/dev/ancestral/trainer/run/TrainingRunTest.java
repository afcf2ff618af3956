package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run leaves and says, and what it refuses. */
class TrainingRunTest {
  private final Path directory;
  private final TinyRuns runs;

  TrainingRunTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  @Test
  void aRunLeavesEverythingThatTheDirectoryPromises() throws IOException {
    Path root = runs.train("run");
    assertEquals(
        List.of("iteration-000006.safetensors", "iteration-000008.safetensors"),
        TinyRuns.names(root.resolve("checkpoints")));
    assertEquals(
        List.of("000004.gif", "000004.png", "000008.gif", "000008.png"),
        TinyRuns.names(root.resolve("samples")));
    assertEquals(4, TinyRuns.frames(root.resolve("samples/000008.gif")), "x_T and three steps");
    List<String> metrics = Files.readAllLines(root.resolve("metrics.csv"));
    assertEquals(9, metrics.size());
    assertEquals(
        "iteration,loss,gradient_norm,learning_rate,loss_q1,loss_q2,loss_q3,loss_q4,held_out_loss,waiting",
        metrics.get(0));
    assertTrue(metrics.get(8).startsWith("8,"), metrics.get(8));
    assertTrue(ImageIO.read(root.resolve("loss.png").toFile()).getWidth() > 100);
    assertTrue(ImageIO.read(root.resolve("samples/000008.png").toFile()).getWidth() > 100);
    RunDirectory run = RunDirectory.open(root);
    assertEquals(
        TrainingRun.preview(TinyRuns.config(), runs.out()).config(),
        run.config().decidedBy(run.data().description().spec()));
  }

  @Test
  void picturesHaveTheGuidanceThatABundleWillRecommend() throws IOException {
    Path plain = runs.train("plain", "training.label_dropout=0.2");
    Path guided = runs.train("guided", "training.label_dropout=0.2", "sampling.guidance_weight=3");
    assertEquals(TensorHashes.ofNewest(plain), TensorHashes.ofNewest(guided));
    Path sheet = Path.of("samples/000008.png");
    assertTrue(Files.mismatch(plain.resolve(sheet), guided.resolve(sheet)) >= 0);
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
    TrainingRun.start(root, TrainingConfig.of(settings), runs.out()).run(() -> false);
    BufferedImage scatter = ImageIO.read(root.resolve("samples/000002.png").toFile());
    assertEquals(480, scatter.getWidth());
    assertEquals(480, scatter.getHeight());
    assertEquals(10, TinyRuns.frames(root.resolve("samples/000002.gif")));
  }

  @Test
  void aSecondRunInTheSamePlaceIsRefused_andChangesNothing() throws Exception {
    Path root = runs.train("run");
    Map<String, String> before = TensorHashes.ofNewest(root);
    assertThrows(UserError.class, () -> TrainingRun.start(root, TinyRuns.config(), runs.out()));
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
              IllegalArgumentException.class,
              () -> TrainingRun.start(root, TinyRuns.config(setting), runs.out()));
      String field = setting.substring(setting.indexOf('.') + 1, setting.indexOf('='));
      assertTrue(String.valueOf(error.getMessage()).contains(field), error.getMessage());
    }
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TrainingRun.start(
                    root, TinyRuns.config("loss.type=vlb", "loss.offset_noise=0.1"), runs.out()));
    assertEquals(
        "loss.offset_noise: 0.1 with loss.type vlb (expected: 0, or images and a loss that presumes"
            + " nothing of the noise)",
        error.getMessage());
    error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                TrainingRun.start(
                    root,
                    TinyRuns.config("loss.type=sliced_score", "prediction_type=score"),
                    runs.out()));
    assertEquals(
        "loss.type: sliced_score with network.type unet (expected: a network that has a tangent,"
            + " such as score_mlp or conditional_mlp)",
        error.getMessage());
    assertFalse(Files.exists(root));
  }

  @Test
  void progressIsTheMeanLossSinceTheLineBefore() throws IOException {
    Path root = runs.train("run", "output.print_every=3");
    List<Double> losses = Metrics.read(root.resolve("metrics.csv"), Metrics.Column.LOSS);
    String said = runs.said();
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
    runs.train("noisy", "training.iterations=1", "schedule.name=linear");
    assertTrue(runs.said().contains("warning: final SNR"));
  }
}
