package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run ends at the first of its limits, and says so at its start and at its end. */
class RunLimitsTest {
  private final Path directory;
  private final TinyRuns runs;

  RunLimitsTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  @Test
  void imagesEndARun_withTheWeightsOfAsManyIterations() throws Exception {
    Map<String, String> straight =
        TensorHashes.ofNewest(runs.train("straight", "training.iterations=3"));
    Path root = runs.train("images", "training.images=11");
    assertEquals(straight, TensorHashes.ofNewest(root));
    String said = runs.said();
    assertTrue(
        said.contains(
            "length    after 3 iterations, 12 images, 0.006678 epochs (training.images: 11);"
                + " learning rate 0.001, cosine"),
        said);
    assertTrue(said.contains("iteration 3 of 3: loss"), said);
    assertTrue(
        said.contains("ended     after 3 iterations, 12 images, 0.006678 epochs, 0:0"), said);
    assertTrue(said.contains("of training: training.images\nloss      "), said);
    assertTrue(said.contains("(means of the last 3 iterations)"), said);
  }

  @Test
  void timeEndsARun_whichIsSavedAndDrawn_andAtItsEndWhenResumed() throws Exception {
    Path root =
        runs.train(
            "timed",
            "training.iterations=null",
            "training.minutes=1e-9",
            "training.decay=constant");
    assertEquals(
        List.of("iteration-000001.safetensors"), TinyRuns.names(root.resolve("checkpoints")));
    assertTrue(Files.exists(root.resolve("samples/000001.png")));
    assertNotNull(CheckpointFile.heldOutLoss(TensorHashes.newest(root)));
    assertFalse(
        Metrics.read(root.resolve("metrics.csv"), Metrics.Column.HELD_OUT_LOSS).get(0).isNaN());
    TrainingRun again = TrainingRun.resume(root, Map.of(), runs.out());
    assertEquals("training.minutes", again.endedBy());
    assertEquals(TrainingRun.Outcome.FINISHED_BEFORE, again.run(() -> false));
    TinyRuns.trainUntil(
        TrainingRun.resume(root, Map.of("training", Map.of("minutes", 60)), runs.out()), 2);
    assertTrue(
        runs.said().contains("length    after 60:00 of training (training.minutes); learning"),
        runs.said());
  }

  @Test
  void stoppedAtACheckpoint_whatWasMeasuredOfItStays() throws Exception {
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(TrainingRun.start(root, TinyRuns.config(), runs.out()), 2);
    assertNotNull(CheckpointFile.heldOutLoss(TensorHashes.newest(root)));
  }

  @Test
  void iterationsThatAreDoneCannotBeTakenBack_byEpochsEither() throws Exception {
    Path root = runs.train("run", "training.iterations=null", "training.epochs=0.018");
    assertEquals(
        "training.epochs: 0.001, 1 iterations (expected: at least 9, which the run has done)",
        assertThrows(
                UserError.class,
                () ->
                    TrainingRun.resume(
                        root, Map.of("training", Map.of("epochs", 0.001)), runs.out()))
            .getMessage());
    assertTrue(Files.exists(root.resolve("samples/000009.png")));
  }
}
