package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.WeightsKind;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that an older version wrote is read, exported and trained on. */
class OldRunTest {
  private static final String NEWEST = "checkpoints/iteration-000006.safetensors";

  private final Path root;
  private final TinyRuns runs;

  OldRunTest(@TempDir Path directory) {
    this.root = directory.resolve("run");
    this.runs = new TinyRuns(directory);
  }

  @BeforeEach
  void copy() throws IOException, URISyntaxException {
    Path old =
        Path.of(Objects.requireNonNull(OldRunTest.class.getResource("run-of-0.1.0")).toURI());
    try (Stream<Path> files = Files.walk(old)) {
      for (Path file : files.toList()) {
        Files.copy(file, root.resolve(old.relativize(file).toString()));
      }
    }
  }

  @Test
  void itsNetworkIsLoaded() throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(root, WeightsKind.EMA, runs.out()::println)) {
      Map<String, String> provenance = network.facts().provenance();
      assertEquals("6", provenance.get("iterations"));
      assertEquals("122", provenance.get("parameters"));
      assertEquals("1.38864 (mean of the last 6 iterations)", provenance.get("final_loss"));
    }
    assertEquals("", runs.said());
  }

  @Test
  void thatItGoesOnWithOtherRounding_isSaidOnce_whoeverChoosesTheThreads() throws IOException {
    Files.delete(root.resolve(NEWEST));
    Map<String, Object> threads = Map.of("training", Map.of("threads", 1));
    TinyRuns.trainUntil(TrainingRun.resume(root, threads, runs.out()), 1);
    String said = runs.said();
    assertTrue(said.contains("iterations done were computed by an older version"), said);
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
    String later = runs.said().substring(said.length());
    assertFalse(later.contains("note: "), later);
  }

  @Test
  void trainedAgainFromItsMiddle_itComesWhereItCame() throws IOException {
    Safetensors.Content expected = Safetensors.read(root.resolve(NEWEST));
    Files.delete(root.resolve(NEWEST));
    assertEquals(
        TrainingRun.Outcome.FINISHED,
        TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false));
    Safetensors.Content actual = Safetensors.read(root.resolve(NEWEST));
    for (Safetensors.Tensor tensor : expected.tensors().values()) {
      // Another machine rounds otherwise; a state that was forgotten is off by more than a tenth.
      assertArrayEquals(
          tensor.numbers(),
          Objects.requireNonNull(actual.tensors().get(tensor.name())).numbers(),
          1e-5f,
          tensor.name());
    }
    List<String> metrics = Files.readAllLines(root.resolve("metrics.csv"));
    assertEquals(7, metrics.size());
    assertTrue(metrics.get(0).startsWith("iteration,loss,gradient_norm,learning_rate,"));
    assertTrue(metrics.get(1).startsWith("1,1.355485,2.205754,0.003000000,,"), metrics.get(1));
  }
}
