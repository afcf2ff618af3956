package dev.ancestral.bundle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.ClipRange;
import dev.ancestral.diffusion.sampler.Clipping;
import dev.ancestral.diffusion.sampler.DiffusionModel;
import dev.ancestral.diffusion.sampler.Variance;
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
    for (Bundle bundle :
        List.of(Bundles.full(), Bundles.plainPoints(), Bundles.score(), Bundles.learnedRange())) {
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
            "unet/diffusion_pytorch_model.safetensors",
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
  void aLearnedLogarithmOfTheVariance_isNotClaimedToBeWhatDiffusersTakesIt() throws IOException {
    Bundle full = Bundles.full();
    SchedulerConfig scheduler = full.scheduler();
    BundleFormat.publish(
        directory,
        new Bundle(
            new SchedulerConfig(
                scheduler.betaSchedule(),
                scheduler.schedule(),
                scheduler.predictionType(),
                Variance.LEARNED,
                scheduler.clipSample(),
                scheduler.spacing()),
            full.data(),
            full.continuousTimesteps(),
            full.conditioning(),
            full.recommended(),
            full.provenance(),
            full.parity()),
        Bundles.files());
    assertFalse(json("model_index.json").has("_class_name"));
  }

  @Test
  void aNetworkThatDiffusersDoesNotHave_doesNotClaimToBeItsPipeline() throws IOException {
    BundleFiles files =
        new BundleFiles(
            out -> out.write("model".getBytes(UTF_8)),
            Map.of("_class_name", "ConvNextUnet"),
            null,
            null);
    BundleFormat.publish(directory, Bundles.full(), files);
    assertFalse(json("model_index.json").has("_class_name"));
  }

  @Test
  void aScore_isToldInTheWordsOfAVarianceExplodingScheduler() throws IOException {
    BundleFormat.publish(directory, Bundles.score(), Bundles.files());
    JsonObject index = json("model_index.json");
    assertFalse(index.has("_class_name"));
    assertEquals("ScoreSdeVeScheduler", index.getAsJsonArray("scheduler").get(1).getAsString());
    JsonObject scheduler = json("scheduler/scheduler_config.json");
    assertEquals("ScoreSdeVeScheduler", scheduler.get("_class_name").getAsString());
    assertEquals(0.01, scheduler.get("sigma_min").getAsDouble());
    assertEquals(50, scheduler.get("sigma_max").getAsDouble());
    assertEquals(0.1 + 0.2, scheduler.getAsJsonArray("trained_sigmas").get(1).getAsDouble());
    assertFalse(scheduler.has("trained_betas"));
    assertFalse(scheduler.has("beta_start"));
  }

  @Test
  void aBundle_knowsWhatASamplerNeeds() {
    assertEquals(
        new DiffusionModel(
            Bundles.full().scheduler().schedule(), PredictionType.V, Variance.FIXED_LARGE, false),
        Bundles.full().model());
    assertEquals(Clipping.NONE, Bundles.full().clipping());
    assertEquals(new ClipRange(-1, 1), Bundles.plainPoints().clipping());
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
            null,
            null);
    assertThrows(
        IOException.class, () -> BundleFormat.publish(directory, Bundles.plainPoints(), failing));
    assertEquals(Bundles.full(), BundleFormat.read(directory));
    assertEquals(List.of("digits"), directories());
  }

  @Test
  void theFactsTravelInTheOnnxFileToo_butTheProof() {
    for (Bundle bundle :
        List.of(Bundles.full(), Bundles.plainPoints(), Bundles.score(), Bundles.learnedRange())) {
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
