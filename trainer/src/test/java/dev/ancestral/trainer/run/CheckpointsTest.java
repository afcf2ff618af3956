package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.config.OutputConfig;
import dev.ancestral.trainer.loop.Guard;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which checkpoints stay, and which is the best. */
class CheckpointsTest {
  private static final Map<String, Shape> SHAPES = Map.of("w", new Shape(2));

  private final Path directory;
  private final Checkpoints checkpoints;

  CheckpointsTest(@TempDir Path directory) {
    this.directory = directory;
    this.checkpoints = new Checkpoints(directory);
  }

  private static Checkpoint checkpoint(int iteration, int good, @Nullable Double loss) {
    float[] numbers = {iteration, -iteration};
    return new Checkpoint(
        new TrainingState(
            iteration,
            numbers,
            List.of(numbers, numbers),
            numbers,
            numbers,
            null,
            new Guard(good, 1, 2, 3, 0)),
        List.of("default", "power:0.05"),
        Duration.ofSeconds(iteration),
        Instant.EPOCH,
        loss);
  }

  private void save(int iteration, int good, @Nullable Double loss, @Nullable Integer every)
      throws IOException {
    checkpoints.save(
        checkpoint(iteration, good, loss), SHAPES, new OutputConfig(null, 9, 9, 9, 1, every, 9));
  }

  private List<Integer> kept() throws IOException {
    return TinyRuns.names(directory).stream()
        .map(name -> Integer.valueOf(name.replaceAll("\\D", "")))
        .toList();
  }

  @Test
  void theNewestTheBestAndTheLastGoodOneStay() throws IOException {
    save(2, 0, 0.5, null);
    save(4, 4, 0.1, null);
    assertEquals(List.of(4), kept());
    save(6, 6, 0.4, null);
    assertEquals(List.of(4, 6), kept());
    save(8, 6, null, null);
    assertEquals(List.of(4, 6, 8), kept());
    save(10, 10, 0.1, null);
    assertEquals(List.of(10), kept(), "of two that are equally good the newer is the best");
  }

  @Test
  void everySoManiethStays() throws IOException {
    for (int iteration = 1; iteration <= 10; iteration++) {
      save(iteration, iteration, null, 4);
    }
    assertEquals(List.of(4, 8, 10), kept());
  }

  @Test
  void ofDamagedOnesTheNextBestIsUsed_sayingSo() throws IOException {
    save(3, 0, 0.2, 3);
    save(6, 0, 0.1, 3);
    save(9, 0, 0.3, 3);
    Path best = directory.resolve("iteration-000006.safetensors");
    byte[] bytes = Files.readAllBytes(best);
    bytes[bytes.length - 1] ^= 1;
    Files.write(best, bytes);
    List<String> warnings = new ArrayList<>();
    assertEquals(3, checkpoints.best(SHAPES, warnings::add).orElseThrow().state().iteration());
    assertEquals(1, warnings.size());
    assertTrue(warnings.get(0).startsWith(best + ": is damaged"), warnings.get(0));
    assertTrue(warnings.get(0).endsWith("; the next best one is used"), warnings.get(0));
  }

  @Test
  void aLossThatIsNotFiniteIsNeverTheBest() throws IOException {
    save(1, 0, Double.NEGATIVE_INFINITY, 1);
    save(2, 0, Double.NaN, 1);
    assertTrue(checkpoints.best(SHAPES, warning -> {}).isEmpty());
    save(3, 0, 7.0, 1);
    assertEquals(3, checkpoints.best(SHAPES, warning -> {}).orElseThrow().state().iteration());
  }

  @Test
  void whatWasWrittenIsReadBack() throws IOException {
    save(5, 3, 0.25, null);
    Checkpoint read = checkpoints.at(5, SHAPES);
    Checkpoint written = checkpoint(5, 3, 0.25);
    assertEquals(written.averages(), read.averages());
    assertEquals(written.heldOutLoss(), read.heldOutLoss());
    assertEquals(written.state().guard(), read.state().guard());
    assertEquals(written.trainingTime(), read.trainingTime());
    assertArrayEquals(written.average("power:0.05"), read.average("power:0.05"));
  }
}
