package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.exporter.testing.TinyNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, on a traced network of 20 timesteps in ONNX Runtime. */
class FitCommandTest {
  private static final Conditioning CLASSES = new Conditioning(3, List.of("a", "b", "c"), 3);

  private final Path bundle;

  FitCommandTest(@TempDir Path directory) {
    this.bundle = directory.resolve("bundle");
  }

  private void publish(@Nullable Conditioning classes) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      TinyNetwork network =
          new TinyNetwork(manager, new DataSpec(List.of(1L, 4L, 4L), -1, 1, 17), classes, 1);
      BundleExport.write(
          bundle,
          network.bundle(),
          network,
          manager,
          Map.of("_class_name", "Tiny"),
          ExportFormat.DEFAULT);
    }
  }

  /** Two chains that take no longer than a test may, unless told otherwise. */
  private CommandRun fit(String... more) {
    return CommandRun.of(
        List.of("fit", "--bundle", bundle.toString(), "--calls", "3,2", "--chains", "4"), more);
  }

  private FittedTables fitted(String... more) throws IOException {
    CommandRun run = fit(more);
    assertEquals(0, run.code(), run.err());
    return Objects.requireNonNull(BundleFormat.read(bundle).model().fitted(), run.out());
  }

  private Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(bundle)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(bundle.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  private static void assertSame(Map<String, byte[]> before, Map<String, byte[]> after) {
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, content) -> assertTrue(Arrays.equals(content, after.get(name)), name));
  }

  @Test
  void theBundleGetsItsOwnSampler_andKeepsItsNetwork() throws IOException {
    publish(CLASSES);
    Map<String, byte[]> before = files();

    CommandRun run = fit("--samples", "0");

    assertEquals(0, run.code(), run.err());
    assertTrue(run.err().startsWith("fit: "), run.err());
    assertTrue(run.err().contains(" rows of "), run.err());
    assertTrue(run.out().contains("none was compared with the teacher (--samples 0)"), run.out());
    Map<String, byte[]> after = files();
    for (String file : List.of(BundleFormat.MODEL, "scheduler/scheduler_config.json")) {
      assertTrue(Arrays.equals(before.get(file), after.get(file)), file);
    }
    Bundle fitted = BundleFormat.read(bundle);
    FittedTables tables = Objects.requireNonNull(fitted.model().fitted());
    assertEquals(List.of(2, 3), tables.calls());
    assertEquals("ddim:20", tables.teacher());
    assertEquals(fitted.clipping(), tables.clipping());
    assertTrue(tables.proven(1).isEmpty(), "nothing was compared");
    assertEquals("ddim", Defaults.sampler(fitted).name());
    FittedProof proof = tables.tables().get(1).weighted().get(0).proof();
    assertTrue(proof.fitted() < Math.min(proof.ddim(), proof.dpmSolver()), proof::toString);
    assertTrue(CommandRun.of("inspect", bundle.toString()).code() == 0);
  }

  @Test
  void theSameFitGivesTheSameBytes_andAnotherSeedOthers() throws IOException {
    publish(null);
    fitted("--samples", "50", "--search");
    Map<String, byte[]> once = files();
    fitted("--samples", "50", "--search");
    assertSame(once, files());

    fitted("--samples", "50", "--search", "--seed", "1");
    assertFalse(once.keySet().equals(files().keySet()), "a file is named by its content");
  }

  @Test
  void samplesAreComparedWithTheTeachers_andFewProveNothing() throws IOException {
    publish(null);
    CommandRun run = fit("--samples", "60");
    assertEquals(0, run.code(), run.err());

    FittedTables tables = Objects.requireNonNull(BundleFormat.read(bundle).model().fitted());
    FittedProof.Comparison comparison =
        Objects.requireNonNull(tables.tables().get(0).weighted().get(0).proof().comparison());
    assertEquals(60, comparison.samples());
    assertEquals("60 samples of the teacher's", comparison.reference());
    assertNotNull(comparison.highFrequencyRatio());
    assertFalse(comparison.holds());
    assertTrue(run.out().contains("60 samples are too few (expected: at least 500)"), run.out());
  }

  @Test
  void guidedChainsAreFittedBesideUnguidedOnes() throws IOException {
    publish(CLASSES);

    FittedTables tables = fitted("--samples", "0", "--guidance", "3,2");

    assertEquals(List.of(1.0, 2.0, 3.0), tables.tables().get(0).guidances());
    assertTrue(tables.tables().get(0).covers(2.5));
  }

  private void assertRefused(String line, String... more) throws IOException {
    Map<String, byte[]> before = files();
    CommandRun run = fit(more);
    assertEquals("error: " + line, run.err());
    assertEquals(1, run.code());
    assertEquals("", run.out());
    assertSame(before, files());
  }

  @Test
  void whatCannotBeFitted_isRefusedByName() throws IOException {
    publish(null);
    assertRefused("--calls: 20 (expected: 1..19, fewer than the teacher's 20)", "--calls", "20");
    assertRefused(
        "--calls: 0 (expected: 1..9, fewer than the teacher's 10)",
        "--calls",
        "0",
        "--teacher",
        "ddim:10");
    assertRefused(
        "--teacher: ddim:21 (expected: ddim:2..20, the timesteps of the schedule)",
        "--teacher",
        "ddim:21");
    assertRefused(
        "--teacher: ddpm:10 (expected: ddim:STEPS, such as ddim:100)", "--teacher", "ddpm:10");
    assertRefused("--chains: 1 (expected: 2..10000)", "--chains", "1");
    assertRefused("--samples: 3 (expected: 50..100000, or 0)", "--samples", "3");
    assertRefused(
        "--guidance: 2.0 (expected: 1, since the model is unconditional)", "--guidance", "2");
  }

  @Test
  void aDirectoryThatIsNoBundleOfOurs_isRefusedByName() throws IOException {
    CommandRun nothing = fit();
    assertEquals(
        "error: --bundle %s: is no bundle (expected: a directory that `ancestral export` wrote)"
            .formatted(bundle),
        nothing.err());

    publish(null);
    Files.delete(bundle.resolve("bundle.json"));
    assertRefused(
        "--bundle %s: has no bundle.json, which lists the tables (expected: a bundle that `ancestral export` wrote, not another's directory)"
            .formatted(bundle));
  }
}
