package dev.ancestral.server.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFiles;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelRepositoryTest {
  private static final OnnxRuntime RUNTIME = new OnnxRuntime(Device.cpu("a test"), 2);

  private final Path models;

  ModelRepositoryTest(@TempDir Path models) {
    this.models = models;
  }

  private static ModelRepository load(Path directory) throws IOException {
    return ModelRepository.load(directory, RUNTIME, EngineLimits.DEFAULTS);
  }

  private String onlyProblem() throws IOException {
    TinyOnnx.bundle(models.resolve("good"), Bundles.UNCONDITIONAL);
    try (ModelRepository repository = load(models)) {
      assertEquals(Set.of("good"), repository.names());
      assertEquals(1, repository.problems().size());
      return repository.problems().get(0);
    }
  }

  @Test
  void everyBundleAndEveryLoneFileIsServed_andNothingElse() throws Exception {
    TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    TinyOnnx.bundle(models.resolve("points"), Bundles.POINTS);
    TinyOnnx.file(
        models.resolve("alone.onnx"), Bundles.DIGITS, BundleFormat.metadata(Bundles.DIGITS));
    Files.createDirectories(models.resolve("a-run/checkpoints"));
    Files.writeString(models.resolve("notes.txt"), "not ours");
    TinyOnnx.bundle(models.resolve(".half-written.tmp"), Bundles.DIGITS);
    try (ModelRepository repository = load(models)) {
      assertEquals(List.of("alone", "digits", "points"), List.copyOf(repository.names()));
      assertEquals(List.of(), repository.problems());
      assertEquals(Bundles.DIGITS, repository.find("alone").orElseThrow().bundle());
      assertEquals(Bundles.POINTS, repository.find("points").orElseThrow().bundle());
      assertTrue(repository.find("").isEmpty());
    }
  }

  @Test
  void aBundleItselfIsServedUnderItsOwnName() throws Exception {
    Path bundle = TinyOnnx.bundle(models.resolve("digits"), Bundles.DIGITS);
    try (ModelRepository repository = load(bundle)) {
      assertEquals("digits", repository.find("").orElseThrow().name());
    }
  }

  @Test
  void aChangedFileIsNamed_andTheOthersAreServed() throws Exception {
    Path bundle = TinyOnnx.bundle(models.resolve("bad"), Bundles.DIGITS);
    Files.writeString(bundle.resolve("unet/config.json"), "{}");
    String problem = onlyProblem();
    assertTrue(problem.startsWith("model bad: unet/config.json: SHA-256 is "), problem);
  }

  @Test
  void aPathThatLeavesTheBundleIsNamed_andTheOthersAreServed() throws Exception {
    Path bundle = TinyOnnx.bundle(models.resolve("bad"), Bundles.DIGITS);
    Path own = bundle.resolve("bundle.json");
    Files.writeString(
        own, Files.readString(own).replace("unet/config.json", "../good/unet/config.json"));
    assertEquals(
        "model bad: bundle.json: files: ../good/unet/config.json leaves the bundle (expected: a path inside it)",
        onlyProblem());
  }

  @Test
  void weightsOutsideTheirDirectoryAreNotFollowed() throws Exception {
    Files.createDirectories(models.resolve("elsewhere"));
    Files.write(models.resolve("elsewhere/secret.bin"), new byte[1 << 16]);
    Files.write(models.resolve("bad.onnx"), TinyOnnx.withWeightsIn("elsewhere/../../secret.bin"));
    String problem = onlyProblem();
    assertTrue(problem.contains("External data path escapes model directory"), problem);
  }

  @Test
  void weightsBehindALinkThatLeavesTheirDirectoryAreNotFollowed(@TempDir Path elsewhere)
      throws Exception {
    byte[] whole =
        TinyOnnx.model(Bundles.UNCONDITIONAL, BundleFormat.metadata(Bundles.UNCONDITIONAL));
    Path weights = elsewhere.resolve("weights");
    Files.write(models.resolve("bad.onnx"), TinyOnnx.movedWeights(whole, weights));
    Files.createSymbolicLink(models.resolve("weights"), weights);
    String problem = onlyProblem();
    assertTrue(problem.contains("External data path"), problem);
  }

  @Test
  void metadataThatDisagreeWithTheBundleAreNamed() throws Exception {
    byte[] model = TinyOnnx.model(Bundles.DIGITS, BundleFormat.metadata(Bundles.DIGITS));
    Bundle other =
        Bundles.bundle(
            Bundles.DIGITS.data(), Bundles.DIGITS.conditioning(), new Recommended("ddim", 20));
    BundleFormat.publish(
        models.resolve("bad"),
        other,
        new BundleFiles(out -> out.write(model), Map.of(), null, null));
    assertEquals(
        "model bad: unet/model.onnx: recommended: its metadata disagree with the bundle's files (expected: the same)",
        onlyProblem());
  }

  private void serveRecommending(Recommended recommended) {
    TinyOnnx.bundle(
        models.resolve("bad"), Bundles.bundle(Bundles.POINTS.data(), null, recommended));
  }

  @Test
  void aRecommendationThatCannotBeIsNamed() throws Exception {
    serveRecommending(new Recommended("ddpn", 20));
    assertEquals(
        "model bad: model.onnx: recommended.sampler: unknown name 'ddpn' (expected one of: ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, fastdpm, euler; did you mean ddpm?)",
        onlyProblem());
  }

  @Test
  void recommendedStepsThatDoNotFitTheSamplerAreNamed() throws Exception {
    serveRecommending(new Recommended("ddpm", 1001));
    assertEquals(
        "model bad: model.onnx: recommended.steps: 1001 (expected: 1..1000)", onlyProblem());
  }

  @Test
  void recommendedOptionsThatTheSamplerDoesNotTakeAreNamed() throws Exception {
    serveRecommending(new Recommended("dpmpp-2m", 20, Map.of("eta", 0.5), 1, 0));
    assertEquals(
        "model bad: model.onnx: recommended.options.eta: given for sampler dpmpp-2m (expected: for ddim only)",
        onlyProblem());
  }

  @Test
  void aLoneFileThatDoesNotSayWhatItIsIsNamed() throws Exception {
    TinyOnnx.file(models.resolve("bad.onnx"), Bundles.DIGITS, Map.of());
    assertEquals(
        "model bad: bad.onnx: has no ancestral.* metadata (expected: a bundle's directory, or a file that export wrote)",
        onlyProblem());
  }

  @Test
  void twoOfOneNameAreNamed() throws Exception {
    TinyOnnx.bundle(models.resolve("twin"), Bundles.DIGITS);
    TinyOnnx.file(
        models.resolve("twin.onnx"), Bundles.DIGITS, BundleFormat.metadata(Bundles.DIGITS));
    try (ModelRepository repository = load(models)) {
      assertEquals(Set.of("twin"), repository.names());
      assertEquals(
          List.of("model twin: twin.onnx has the name of another (expected: a name of its own)"),
          repository.problems());
    }
  }

  @Test
  void noModelAtAllIsAnError() {
    String none = assertThrows(IllegalArgumentException.class, () -> load(models)).getMessage();
    assertEquals(
        "models: no bundle below %s (expected: directories that export wrote)".formatted(models),
        none);
    Path nowhere = models.resolve("nowhere");
    String missing = assertThrows(IllegalArgumentException.class, () -> load(nowhere)).getMessage();
    assertEquals(
        "models: %s is no directory (expected: a directory of bundles, or a bundle)"
            .formatted(nowhere),
        missing);
  }
}
