package dev.ancestral.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.Variance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that diffusers wrote: no bundle.json, its configurations tell. */
class ForeignBundleTest {
  private final Path directory;

  ForeignBundleTest(@TempDir Path directory) {
    this.directory = directory;
  }

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(directory.resolve("unet"));
    Files.createDirectories(directory.resolve("scheduler"));
    Files.writeString(directory.resolve("unet/model.onnx"), "not read here");
    unet("\"in_channels\": 3, \"sample_size\": 32");
    scheduler("\"beta_schedule\": \"linear\", \"variance_type\": \"fixed_large\"");
  }

  @Test
  void itsConfigurationsTell() throws IOException {
    assertTrue(BundleFormat.isBundle(directory));
    Bundle bundle = BundleFormat.read(directory);
    assertEquals(new DataSpec(List.of(3L, 32L, 32L), -1, 1, 256), bundle.data());
    assertEquals(1000, bundle.scheduler().schedule().timesteps());
    assertEquals(1e-4, bundle.scheduler().schedule().beta(0), 1e-12);
    assertEquals(0.02, bundle.scheduler().schedule().beta(999), 1e-12);
    assertEquals(Variance.FIXED_LARGE, bundle.scheduler().variance());
    assertEquals(PredictionType.EPSILON, bundle.scheduler().predictionType());
    assertTrue(bundle.scheduler().clipSample());
    assertTrue(bundle.continuousTimesteps());
    assertNull(bundle.conditioning());
    assertEquals(new Recommended("ddpm", null), bundle.recommended());
    assertEquals(Map.of(), bundle.provenance());
  }

  @Test
  void heightAndWidthMayDiffer() throws IOException {
    unet("\"in_channels\": 1, \"sample_size\": [8, 16]");
    assertEquals(List.of(1L, 8L, 16L), BundleFormat.read(directory).data().shape());
  }

  @Test
  void classesAreKnownByTheirNumber() throws IOException {
    unet("\"in_channels\": 1, \"sample_size\": 8, \"num_class_embeds\": 10");
    assertEquals(
        new Conditioning(10, List.of(), null), BundleFormat.read(directory).conditioning());
  }

  @Test
  void aLearnedTimeEmbeddingTakesNoFractions() throws IOException {
    unet("\"in_channels\": 1, \"sample_size\": 8, \"time_embedding_type\": \"learned\"");
    assertFalse(BundleFormat.read(directory).continuousTimesteps());
  }

  @Test
  void aLearnedTimeEmbeddingIsATableOfAllTimesteps() throws IOException {
    unet("\"sample_size\": 8, \"time_embedding_type\": \"learned\", \"num_train_timesteps\": 999");
    assertRefused(
        "unet/config.json: num_train_timesteps: 999 (expected: at least 1000, as the scheduler has)");
  }

  @Test
  void itsChannelsAreThree_unlessItSaysOtherwise() throws IOException {
    unet("\"sample_size\": 8");
    assertEquals(List.of(3L, 8L, 8L), BundleFormat.read(directory).data().shape());
  }

  @Test
  void whatGoesOutIsWhatGoesIn_andAsMuchAgainForALearnedVariance() throws IOException {
    unet("\"sample_size\": 8, \"out_channels\": 6");
    assertRefused(
        "unet/config.json: out_channels: 6 (expected: 3, since in_channels is 3 and variance_type fixed_large)");
    scheduler("\"variance_type\": \"learned_range\"");
    assertEquals(Variance.LEARNED_RANGE, BundleFormat.read(directory).scheduler().variance());
    unet("\"sample_size\": 8, \"out_channels\": 3");
    assertRefused("unet/config.json: out_channels: 3 (expected: 6, ");
  }

  @Test
  void whatTheOnnxFileKnowsItself_isNotRead() throws IOException {
    unet(
        "\"sample_size\": 8, \"time_embedding_dim\": null, \"center_input_sample\": true,"
            + " \"block_out_channels\": [8, 16], \"act_fn\": \"silu\", \"of_a_later_version\": 1");
    assertTrue(BundleFormat.read(directory).continuousTimesteps());
  }

  @Test
  void whatWouldBeCalledOtherwise_isRefused() throws IOException {
    unet("\"sample_size\": 8, \"class_embed_type\": \"identity\"");
    assertRefused(
        "unet/config.json: class_embed_type: \"identity\" (expected: null, labels that are looked up)");
    unet("\"sample_size\": 8, \"num_class_embed\": 10");
    assertRefused(
        "unet/config.json: num_class_embed: unknown key (did you mean num_class_embeds?)");
    unet("\"sample_size\": 8, \"time_embedding_type\": \"rotary\"");
    assertRefused(
        "unet/config.json: time_embedding_type: rotary (expected: positional, fourier or learned)");
    Files.writeString(
        directory.resolve("unet/config.json"),
        "{\"_class_name\": \"UNet2DConditionModel\", \"sample_size\": 8}");
    assertRefused("unet/config.json: _class_name: UNet2DConditionModel (expected: UNet2DModel)");
  }

  @Test
  void itsPipelineIsOfOneNetworkAlone() throws IOException {
    index("\"vqvae\": [\"diffusers\", \"VQModel\"]");
    assertRefused(
        "model_index.json: vqvae: [\"diffusers\",\"VQModel\"] (expected: a pipeline of unet and scheduler alone)");
    index("\"safety_checker\": [null, null], \"requires_safety_checker\": true");
    assertEquals(3, BundleFormat.read(directory).data().shape().get(0));
  }

  @Test
  void thePipelineNamesTheScheduler_whereItsOwnFileDoesNot() throws IOException {
    Files.writeString(directory.resolve("scheduler/scheduler_config.json"), "{}");
    assertRefused(
        "scheduler/scheduler_config.json: _class_name: is missing, and no model_index.json names it (expected one of: DDPMScheduler, ");
    index("\"scheduler\": [\"diffusers\", \"DDIMScheduler\"]");
    assertEquals("ddim", BundleFormat.read(directory).recommended().sampler());
    scheduler("\"clip_sample\": false");
    assertRefused(
        "scheduler/scheduler_config.json: _class_name: DDPMScheduler (expected: DDIMScheduler, as model_index.json says)");
  }

  private void index(String fields) throws IOException {
    Files.writeString(
        directory.resolve("model_index.json"),
        "{\"_class_name\": \"DDPMPipeline\", %s}".formatted(fields));
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    unet("\"in_channels\": 3");
    BundleException e = assertThrows(BundleException.class, () -> BundleFormat.read(directory));
    assertEquals(
        "unet/config.json: sample_size: is missing (expected: a number or two)", e.getMessage());
  }

  @Test
  void valuesThatMakeNoSenseAreNamed() throws IOException {
    unet("\"in_channels\": 0, \"sample_size\": 8");
    assertRefused("unet/config.json: ");
    unet("\"in_channels\": 3, \"sample_size\": []");
    assertRefused("unet/config.json: sample_size: ");
    unet("\"in_channels\": 3, \"sample_size\": 8, \"num_class_embeds\": 0");
    assertRefused("unet/config.json: ");
    unet("\"in_channels\": 3, \"sample_size\": 8");
    scheduler("\"beta_schedule\": \"curly\"");
    assertRefused("scheduler/scheduler_config.json: beta_schedule: ");
  }

  private void assertRefused(String start) {
    BundleException e = assertThrows(BundleException.class, () -> BundleFormat.read(directory));
    assertTrue(String.valueOf(e.getMessage()).startsWith(start), e.getMessage());
  }

  private void unet(String fields) throws IOException {
    Files.writeString(
        directory.resolve("unet/config.json"),
        "{\"_class_name\": \"UNet2DModel\", %s}".formatted(fields));
  }

  private void scheduler(String fields) throws IOException {
    Files.writeString(
        directory.resolve("scheduler/scheduler_config.json"),
        "{\"_class_name\": \"DDPMScheduler\", \"num_train_timesteps\": 1000, %s}"
            .formatted(fields));
  }
}
