package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.loop.Guard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches without a finite loss: skipped, then the last good weights, then the end. */
class GuardTest {
  /** One update makes weights that no loss of is finite. */
  private static final String[] ASTRAY = {
    "training.learning_rate=1e30",
    "training.decay=constant",
    "training.warmup=0",
    "training.iterations=30",
    "training.restore_after=2",
    "training.stop_after=6",
    "output.checkpoint_every=1"
  };

  private final Path directory;
  private final TinyRuns runs;

  GuardTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  private UserError trainAstray(Path root) throws IOException {
    TrainingRun run = TrainingRun.start(root, TinyRuns.config(ASTRAY), runs.out());
    return assertThrows(UserError.class, () -> run.run(() -> false));
  }

  @Test
  void skippedRestoredAndStopped_eachWithALine_andTheGoodCheckpointStays() throws Exception {
    Path root = directory.resolve("run");
    String message = String.valueOf(trainAstray(root).getMessage());
    assertTrue(message.startsWith("training diverged at iteration 7: loss "), message);
    assertTrue(
        message.endsWith(
            ", 6 batches skipped (try a smaller training.learning_rate or training.clip_norm, or a longer"
                + " training.warmup); the checkpoint of iteration 1 stays"),
        message);
    String said = runs.said();
    assertTrue(said.contains("; the batch is skipped\n"), said);
    assertTrue(
        said.contains(
            "warning: 2 batches were skipped in a row; back to the weights of iteration 1"),
        said);
    assertEquals(
        List.of(
            "iteration-000001.safetensors",
            "iteration-000005.safetensors",
            "iteration-000006.safetensors"),
        TinyRuns.names(root.resolve("checkpoints")));
    List<String> metrics = Files.readAllLines(root.resolve("metrics.csv"));
    assertEquals(8, metrics.size());
  }

  @Test
  void resumedAmidSkippedBatches_itDoesWhatItWouldHaveDone() throws Exception {
    Path straight = directory.resolve("straight");
    String end = String.valueOf(trainAstray(straight).getMessage());
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(TrainingRun.start(root, TinyRuns.config(ASTRAY), runs.out()), 4);
    String resumed =
        String.valueOf(
            assertThrows(
                    UserError.class,
                    () -> TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false))
                .getMessage());
    assertEquals(end, resumed);
    assertEquals(TensorHashes.ofNewest(straight), TensorHashes.ofNewest(root));
    assertEquals(TinyRuns.metrics(straight), TinyRuns.metrics(root));
  }

  @Test
  void withoutAGoodCheckpointItStops() throws Exception {
    Path root = directory.resolve("run");
    TrainingRun run =
        TrainingRun.start(
            root,
            TinyRuns.config(
                "training.learning_rate=1e30",
                "training.warmup=0",
                "training.restore_after=2",
                "output.checkpoint_every=5"),
            runs.out());
    String message =
        String.valueOf(assertThrows(UserError.class, () -> run.run(() -> false)).getMessage());
    assertTrue(message.startsWith("training diverged at iteration 3"), message);
    assertTrue(message.endsWith("; there is no good checkpoint yet"), message);
  }

  @Test
  void aCheckpointRightAfterASkippedBatchIsNoGoodOne() throws Exception {
    Path root = directory.resolve("run");
    trainAstray(root);
    try (var files = Files.list(root.resolve("checkpoints"))) {
      for (Path file : files.toList()) {
        Guard guard = CheckpointFile.read(file, TinyRuns.shapes(file)).state().guard();
        assertEquals(1, guard.good(), file.toString());
      }
    }
  }
}
