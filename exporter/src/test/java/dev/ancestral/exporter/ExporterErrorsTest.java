package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFiles;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.testing.TinyNetwork;
import dev.ancestral.trainer.config.ConfigSources;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.run.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code export} and {@code inspect} say of each mistake: one line, the offender, the
 * expectation; and nothing is left behind.
 */
class ExporterErrorsTest {
  private static final List<String> SETTINGS =
      List.of(
          "data.source=builtin:swiss-roll",
          "network.width=8",
          "training.iterations=2",
          "output.checkpoint_every=1",
          "output.samples=2");

  @TempDir private Path directory;
  private Path run = Path.of("");
  private Path bundle = Path.of("");

  @BeforeEach
  void layOut() throws IOException {
    run = directory.resolve("run");
    bundle = directory.resolve("bundle");
  }

  private void train() throws IOException {
    Map<String, Object> config = ConfigSources.preset("swiss-roll-ddpm");
    for (String setting : SETTINGS) {
      config = ConfigSources.merge(config, ConfigSources.setting(setting));
    }
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      TrainingRun.start(run, TrainingConfig.of(config), silent).run(() -> false);
    }
  }

  private Bundle publish() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      TinyNetwork network =
          new TinyNetwork(manager, new DataSpec(List.of(1L, 4L, 4L), -1, 1, 17), null, 1);
      BundleExport.write(
          bundle,
          network.bundle(),
          network,
          manager,
          Map.of("_class_name", "Tiny"),
          ExportFormat.DEFAULT);
    }
    return BundleFormat.read(bundle);
  }

  private void assertRefused(String line, String... args) throws IOException {
    List<Path> before = files();
    CommandRun command = CommandRun.of(args);
    assertEquals("error: " + line, command.err());
    assertEquals(1, command.code());
    assertEquals("", command.out());
    assertEquals(before, files(), "nothing is left behind");
  }

  private void assertExportRefused(String line) throws IOException {
    assertRefused(line, "export", "--run", run.toString(), "--out", bundle.toString());
  }

  private void assertInspectRefused(String line, Path path) throws IOException {
    assertRefused(line, "inspect", path.toString());
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      return paths.sorted().toList();
    }
  }

  @Test
  void whatIsNoRun_orHasNoCheckpoint_isRefused() throws IOException {
    assertExportRefused(run + ": holds no config.yaml (expected: a directory that `train` wrote)");
    train();
    for (int i = 1; i <= 2; i++) {
      Files.delete(run.resolve("checkpoints/iteration-00000" + i + ".safetensors"));
    }
    assertExportRefused(run + ": has no checkpoint yet (expected: at least 1)");
    assertInspectRefused(run + ": has no checkpoint yet (expected: at least 1)", run);
  }

  @Test
  void aDamagedCheckpointIsPassedOver_theLastOneIsNamed() throws IOException {
    train();
    Path newest = run.resolve("checkpoints/iteration-000002.safetensors");
    byte[] whole = Files.readAllBytes(newest);
    whole[whole.length - 1] ^= 1;
    Files.write(newest, whole);
    CommandRun inspect = CommandRun.of("inspect", run.toString());
    assertEquals(0, inspect.code(), inspect.err());
    assertEquals(
        "warning: "
            + newest
            + ": is damaged (its checksum does not match); the one before it is used",
        inspect.err());
    assertTrue(inspect.out().contains("iterations: 1\n"), inspect.out());
    Files.delete(run.resolve("checkpoints/iteration-000001.safetensors"));
    assertExportRefused(
        newest
            + ": is damaged (its checksum does not match); no checkpoint is whole (expected: at"
            + " least 1)");
    Files.write(newest, Arrays.copyOf(whole, whole.length / 2));
    assertInspectRefused(
        newest
            + ": is damaged (its checksum does not match); no checkpoint is whole (expected: at"
            + " least 1)",
        run);
  }

  @Test
  void aPlaceThatHoldsSomethingElseIsLeftAlone() throws IOException {
    train();
    Files.createDirectory(bundle);
    Files.writeString(bundle.resolve("letter.txt"), "dear");
    assertExportRefused(
        "--out "
            + bundle
            + ": exists and is no bundle (expected: a bundle to replace, or a new name)");
  }

  @Test
  void wrongUseIsCodeTwo() throws IOException {
    assertWrongUsage("--opset: 16 (expected: 17..%d)".formatted(Opset.NEWEST), "--opset", "16");
    assertWrongUsage(
        "Invalid value for option '--weights': expected one of [EMA, RAW] (case-insensitive) but was 'old'",
        "--weights",
        "old");
    assertWrongUsage("unknown option '--opste'; did you mean --opset?", "--opste", "17");
  }

  private void assertWrongUsage(String line, String flag, String value) throws IOException {
    List<Path> before = files();
    CommandRun command =
        CommandRun.of("export", "--run", run.toString(), "--out", bundle.toString(), flag, value);
    assertEquals("error: " + line, command.err().lines().findFirst().orElseThrow());
    assertEquals(2, command.code());
    assertEquals(before, files());
  }

  @Test
  void aChangedOrMissingFileOfABundleIsNamed() throws IOException {
    publish();
    Path scheduler = bundle.resolve("scheduler/scheduler_config.json");
    String before = Files.readString(scheduler);
    Files.writeString(scheduler, before.replace("epsilon", "sample"));
    CommandRun inspect = CommandRun.of("inspect", bundle.toString());
    assertEquals(1, inspect.code());
    assertTrue(
        inspect
            .err()
            .matches(
                "error: scheduler/scheduler_config.json: SHA-256 is \\p{XDigit}{64} \\(expected:"
                    + " \\p{XDigit}{64}, as bundle.json says\\)"),
        inspect.err());
    Files.delete(scheduler);
    assertInspectRefused("scheduler/scheduler_config.json: is missing in " + bundle, bundle);
  }

  @Test
  void aPathThatLeavesTheBundleIsNamed() throws IOException {
    publish();
    Path own = bundle.resolve("bundle.json");
    Files.writeString(
        own, Files.readString(own).replace("\"preview.png\"", "\"../../etc/passwd\""));
    assertInspectRefused(
        "bundle.json: files: ../../etc/passwd leaves the bundle (expected: a path inside it)",
        bundle);
  }

  @Test
  void filesThatDisagreeAreNamedWithTheField() throws IOException {
    Bundle told = publish();
    byte[] model = Files.readAllBytes(bundle.resolve(BundleFormat.MODEL));
    Bundle other =
        new Bundle(
            told.scheduler(),
            told.data(),
            told.continuousTimesteps(),
            told.conditioning(),
            new Recommended("ddpm", 3),
            told.provenance(),
            told.parity());
    BundleFormat.publish(
        bundle,
        other,
        new BundleFiles(out -> out.write(model), Map.of("_class_name", "Tiny"), null, null));
    assertInspectRefused(
        "unet/model.onnx: recommended: its metadata disagree with the bundle's files (expected: the same)",
        bundle);
  }

  @Test
  void whatIsNoneOfTheThreeIsNamed() throws IOException {
    Path none = directory.resolve("none");
    assertInspectRefused(
        none
            + ": does not exist (expected: a bundle's directory, an ONNX file or a run's directory)",
        none);
    assertInspectRefused(
        Files.createDirectory(none)
            + ": is none of these (expected: a bundle's directory, an ONNX file or a run's directory)",
        none);
    Path text = Files.writeString(directory.resolve("a.onnx"), "");
    assertInspectRefused(text + ": is no ONNX file: it has no nodes", text);
  }
}
