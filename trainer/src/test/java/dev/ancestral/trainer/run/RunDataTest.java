package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Scaling;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run keeps of the data that it was trained on. */
class RunDataTest {
  private final Path directory;
  private final TinyRuns runs;

  RunDataTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  @Test
  void aSingleImage_notSquare_fillsEveryBatch_andItsRangeIsKept() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("images"));
    BufferedImage image = new BufferedImage(8, 4, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xFF0000);
    ImageIO.write(image, "png", folder.resolve("only.png").toFile());
    Path root =
        runs.train(
            "single",
            "data.source=" + folder,
            "data.range=[0, 1]",
            "data.augmentation={horizontal_flip: true, translation: 1}",
            "training.iterations=2");
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, runs.out()::println)) {
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
    Path root = runs.train("moved", "data.source=" + folder, "training.iterations=1");
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

  @Test
  void theScaleOfStandardizedPointsIsKept_toGoOnWithAndToFindTheWayBack() throws IOException {
    Path file = Files.writeString(directory.resolve("points.csv"), "1000,1\n3000,3\n");
    Path root = directory.resolve("points");
    TrainingConfig config =
        TrainingConfig.of(
            Map.of(
                "data", Map.of("source", "csv:" + file, "standardize", true),
                "schedule", Map.of("timesteps", 20),
                "network", Map.of("type", "conditional_mlp", "width", 8),
                "training", Map.of("iterations", 2, "batch", 4),
                "sampling", Map.of("steps", 3)));
    TinyRuns.trainUntil(TrainingRun.start(root, config, runs.out()), 1);
    DataDescription before = RunDirectory.open(root).data().description();
    assertEquals(
        "samples times [1000.0, 1.0], plus [2000.0, 2.0], are in the data's units",
        facts(root).provenance().get("standardized"));
    Files.writeString(file, "1000,1\n3000,3\n2500,2\n");
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
    assertEquals(before, RunDirectory.open(root).data().description());
  }

  @Test
  void theNumbersThatBecameTheRangeAreKept() throws IOException {
    DataSpec spec = new DataSpec(List.of(1L, 5L, 5L), -1, 1, 0);
    RunData data =
        new RunData(new DataDescription("a.npy", spec, List.of(), null, new Scaling(0.1, 98.7)), 3);
    Path file = Files.writeString(directory.resolve("data.yaml"), data.toYaml());
    TrainingConfig config = TrainingConfig.of(Map.of("data", Map.of("source", "a.npy")));
    assertEquals(data, RunData.read(ConfigSources.file(file), config.data()));
  }

  private Bundle facts(Path root) throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, runs.out()::println)) {
      return network.facts();
    }
  }
}
