package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleFormatTest {
  private final Path parent;
  private final Path directory;

  BundleFormatTest(@TempDir Path parent) {
    this.parent = parent;
    this.directory = parent.resolve("digits");
  }

  @Test
  void everyFieldSurvivesTheDisk() throws IOException {
    for (Bundle bundle : List.of(Bundles.full(), Bundles.plainPoints())) {
      BundleFormat.publish(directory, bundle, Bundles.files());
      Bundle read = BundleFormat.read(directory);
      assertEquals(bundle, read);
      assertEquals(
          new ArrayList<>(bundle.provenance().keySet()),
          new ArrayList<>(read.provenance().keySet()),
          "in the order to show them");
    }
  }

  @Test
  void theLayoutIsTheOneDiffusersKnows() throws IOException {
    BundleFormat.publish(directory, Bundles.full(), Bundles.files());
    assertEquals(
        List.of(
            "bundle.json",
            "model_index.json",
            "preview.png",
            "scheduler/scheduler_config.json",
            "unet/config.json",
            "unet/model.onnx"),
        files(directory));
    assertEquals("DDPMPipeline", json("model_index.json").get("_class_name").getAsString());
    JsonObject scheduler = json("scheduler/scheduler_config.json");
    assertEquals(4, scheduler.get("num_train_timesteps").getAsInt());
    assertEquals(0.1 + 0.2, scheduler.getAsJsonArray("trained_betas").get(1).getAsDouble());
    assertEquals("v_prediction", scheduler.get("prediction_type").getAsString());
    assertEquals("leading", scheduler.get("timestep_spacing").getAsString());
    assertEquals(Bundles.MODEL_BYTES, Files.readString(directory.resolve(BundleFormat.MODEL)));
    assertTrue(BundleFormat.isBundle(directory));
    assertFalse(BundleFormat.isBundle(parent));
  }

  @Test
  void pointsDoNotClaimToBeAPipelineOfImages() throws IOException {
    BundleFormat.publish(directory, Bundles.plainPoints(), Bundles.files());
    assertFalse(json("model_index.json").has("_class_name"));
  }

  @Test
  void everyFileButTheListItselfIsHashed() throws IOException {
    BundleFormat.publish(directory, Bundles.full(), Bundles.files());
    List<String> hashed = new ArrayList<>(json("bundle.json").getAsJsonObject("files").keySet());
    hashed.add("bundle.json");
    assertEquals(files(directory), hashed.stream().sorted().toList());
  }

  @Test
  void aModelThatCannotBeWrittenLeavesTheOldBundle() throws IOException {
    BundleFormat.publish(directory, Bundles.full(), Bundles.files());
    BundleFiles failing =
        new BundleFiles(
            out -> {
              out.write(1);
              throw new IOException("disk full");
            },
            Map.of(),
            null);
    assertThrows(
        IOException.class, () -> BundleFormat.publish(directory, Bundles.plainPoints(), failing));
    assertEquals(Bundles.full(), BundleFormat.read(directory));
    assertEquals(List.of("digits"), directories());
  }

  @Test
  void theFactsTravelInTheOnnxFileToo_butTheProof() {
    for (Bundle bundle : List.of(Bundles.full(), Bundles.plainPoints())) {
      Map<String, String> metadata = BundleFormat.metadata(bundle);
      assertTrue(BundleFormat.isDescribed(metadata));
      assertEquals(bundle.withParity(List.of()), BundleFormat.fromMetadata(metadata));
    }
    assertFalse(BundleFormat.isDescribed(Map.of("producer", "pytorch")));
  }

  @Test
  void metadataThatLackAPartNameIt() {
    BundleException e =
        assertThrows(
            BundleException.class,
            () ->
                BundleFormat.fromMetadata(
                    Map.of(
                        "ancestral.bundle",
                        BundleFormat.metadata(Bundles.full())
                            .getOrDefault("ancestral.bundle", ""))));
    assertEquals("ONNX metadata: ancestral.scheduler_config: is missing", e.getMessage());
  }

  private JsonObject json(String file) throws IOException {
    return JsonParser.parseString(Files.readString(directory.resolve(file))).getAsJsonObject();
  }

  private static List<String> files(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> root.relativize(path).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  private List<String> directories() throws IOException {
    try (Stream<Path> paths = Files.list(parent)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}
