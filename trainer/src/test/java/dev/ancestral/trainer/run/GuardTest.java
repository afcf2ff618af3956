package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.types.Shape;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.loop.Guard;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** Begins with other weights, so that there is a checkpoint before the first update. */
  private TrainingRun astray(Path root) throws IOException {
    Path source = directory.resolve("source");
    if (!Files.exists(source)) {
      runs.train("source", "training.iterations=1");
    }
    return TrainingRun.start(root, TinyRuns.config(ASTRAY), source, runs.out());
  }

  private UserError trainAstray(Path root) throws IOException {
    TrainingRun run = astray(root);
    return assertThrows(UserError.class, () -> run.run(() -> false));
  }

  /**
   * A run of four iterations whose fifth will have a finite loss, and an update that ruins the
   * weights; the good checkpoint is that of iteration 3.
   */
  private Path aboutToBeRuined(String... settings) throws IOException {
    Path root = directory.resolve("run");
    String[] all =
        Stream.concat(
                Stream.of(
                    "training.iterations=12",
                    "training.restore_after=2",
                    "training.stop_after=6",
                    "output.checkpoint_every=1",
                    "output.keep=1"),
                Stream.of(settings))
            .toArray(String[]::new);
    TinyRuns.trainUntil(TrainingRun.start(root, TinyRuns.config(all), runs.out()), 4);
    Path newest = TensorHashes.newest(root);
    Map<String, Shape> shapes = TinyRuns.shapes(newest);
    Checkpoint checkpoint = CheckpointFile.read(newest, shapes);
    TrainingState state = checkpoint.state();
    assertEquals(new Guard(3, 0, 0, 0, 4), state.guard());
    float[] ruinous = new float[state.mean().length];
    Arrays.fill(ruinous, 1e30f);
    CheckpointFile.write(
        newest,
        new Checkpoint(
            new TrainingState(
                4,
                state.weights(),
                state.averages(),
                ruinous,
                state.square(),
                null,
                new Guard(3, 0, 0, 0, 0)),
            checkpoint.averages(),
            checkpoint.trainingTime(),
            checkpoint.createdAt(),
            checkpoint.heldOutLoss()),
        shapes);
    return root;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 6})
  void anUpdateThatRuinsTheWeightsIsUndone_alsoWhereItHasARegularCheckpoint(int heldOut)
      throws Exception {
    Path root = aboutToBeRuined("output.held_out=" + heldOut);
    assertEquals(
        TrainingRun.Outcome.FINISHED,
        TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false));
    String said = runs.said();
    assertTrue(said.contains("; the batch is skipped\n"), said);
    assertTrue(
        said.contains(
            "warning: 2 batches were skipped in a row; back to the weights of iteration 3\n"),
        said);
    List<Double> losses = Metrics.read(root.resolve("metrics.csv"), Metrics.Column.LOSS);
    assertEquals(
        List.of(6, 7),
        IntStream.rangeClosed(1, 12)
            .filter(i -> !Double.isFinite(losses.get(i - 1)))
            .boxed()
            .toList());
    Path newest = TensorHashes.newest(root);
    assertEquals(
        new Guard(11, 0, 0, 2, 12),
        CheckpointFile.read(newest, TinyRuns.shapes(newest)).state().guard());
  }

  @Test
  void snapshotsOfWhatWasUndoneAreForgotten() throws Exception {
    Path root = aboutToBeRuined("ema.sigma_rel=0.05,0.1", "ema.snapshot_every=1");
    TrainingRun.resume(root, Map.of(), runs.out()).run(() -> false);
    assertEquals(
        Stream.of(1, 2, 3, 8, 9, 10, 11, 12).map("%06d.safetensors"::formatted).toList(),
        TinyRuns.names(root.resolve("averages")));
  }

  @Test
  void skippedRestoredAndStopped_eachWithALine_andTheGoodCheckpointStays() throws Exception {
    Path root = directory.resolve("run");
    String message = String.valueOf(trainAstray(root).getMessage());
    assertTrue(message.startsWith("training diverged at iteration 9: loss "), message);
    assertTrue(
        message.endsWith(
            ", 6 batches skipped (try a smaller training.learning_rate or training.clip_norm, or a longer"
                + " training.warmup); the checkpoint of iteration 0 stays"),
        message);
    String said = runs.said();
    assertTrue(
        said.contains(
            "warning: 2 batches were skipped in a row; back to the weights of iteration 0"),
        said);
    assertEquals(
        List.of(
            "iteration-000000.safetensors",
            "iteration-000007.safetensors",
            "iteration-000008.safetensors"),
        TinyRuns.names(root.resolve("checkpoints")));
    List<String> metrics = Files.readAllLines(root.resolve("metrics.csv"));
    assertEquals(10, metrics.size());
  }

  @Test
  void resumedAmidSkippedBatches_itDoesWhatItWouldHaveDone() throws Exception {
    Path straight = directory.resolve("straight");
    String end = String.valueOf(trainAstray(straight).getMessage());
    Path root = directory.resolve("stopped");
    TinyRuns.trainUntil(astray(root), 5);
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
  void aCheckpointOfRuinedWeightsIsNoGoodOne() throws Exception {
    Path root = directory.resolve("run");
    trainAstray(root);
    try (var files = Files.list(root.resolve("checkpoints"))) {
      for (Path file : files.toList()) {
        Guard guard = CheckpointFile.read(file, TinyRuns.shapes(file)).state().guard();
        assertEquals(0, guard.good(), file.toString());
      }
    }
  }
}
