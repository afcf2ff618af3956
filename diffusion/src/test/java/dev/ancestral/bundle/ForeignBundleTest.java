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
    assertEquals(Recommended.NONE, bundle.recommended());
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
        "{\"num_train_timesteps\": 1000, \"beta_start\": 0.0001, \"beta_end\": 0.02, %s}"
            .formatted(fields));
  }
}
