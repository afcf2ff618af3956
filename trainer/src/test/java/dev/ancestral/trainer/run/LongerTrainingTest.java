package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.ConfigSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What may change in a run that goes on, and what a run is to those who come twice or too early.
 */
class LongerTrainingTest {
  private final Path directory;
  private final TinyRuns runs;

  LongerTrainingTest(@TempDir Path directory) {
    this.directory = directory;
    this.runs = new TinyRuns(directory);
  }

  private TrainingRun resume(Path root, String... settings) throws IOException {
    Map<String, Object> changes = Map.of();
    for (String setting : settings) {
      changes = ConfigSources.merge(changes, ConfigSources.setting(setting));
    }
    return TrainingRun.resume(root, changes, runs.out());
  }

  private String refusal(Path root, String... settings) {
    return String.valueOf(assertThrows(UserError.class, () -> resume(root, settings)).getMessage());
  }

  @Test
  void trainedOn_everyTensorIsThatOfALongRun_whereNoRateDependsOnTheTotal() throws Exception {
    Map<String, String> straight =
        TensorHashes.ofNewest(runs.train("straight", "training.decay=none"));
    Path root = runs.train("short", "training.decay=none", "training.iterations=6");
    assertEquals(
        TrainingRun.Outcome.FINISHED, resume(root, "training.iterations=8").run(() -> false));
    assertEquals(straight, TensorHashes.ofNewest(root));
    assertEquals(TinyRuns.metrics(directory.resolve("straight")), TinyRuns.metrics(root));
    assertEquals(8, RunDirectory.open(root).config().training().stop().iterations());
    assertEquals(
        "- after_iteration: 6\n  changed:\n    training.iterations:\n      before: 6\n      after: 8\n",
        Files.readString(root.resolve("changes.yaml")));
    assertFalse(runs.said().contains("note: "), runs.said());
  }

  @Test
  void whereTheRatesFollowedTheTotal_thatIsSaid() throws Exception {
    Path root = runs.train("run", "training.iterations=5");
    resume(root, "training.iterations=6").run(() -> false);
    assertTrue(
        runs.said()
            .contains(
                "note: training.decay cosine falls towards the last iteration: the rates of the 5"
                    + " iterations done were those of a run of 5, so"),
        runs.said());
  }

  @Test
  void aFinishedRunSaysSo_andNothingChanges() throws Exception {
    Path root = runs.train("run");
    Map<String, String> weights = TensorHashes.ofNewest(root);
    String metrics = Files.readString(root.resolve("metrics.csv"));
    assertEquals(TrainingRun.Outcome.FINISHED_BEFORE, resume(root).run(() -> false));
    assertEquals(weights, TensorHashes.ofNewest(root));
    assertEquals(metrics, Files.readString(root.resolve("metrics.csv")));
    assertFalse(Files.exists(root.resolve("changes.yaml")));
  }

  @Test
  void whatNoIterationDependsOnMayChange() throws Exception {
    Path root = runs.train("run", "training.decay=none");
    resume(root, "output.samples=3", "output.keep=1", "sampling.steps=2", "training.iterations=9")
        .run(() -> false);
    assertEquals(3, RunDirectory.open(root).config().output().samples());
    assertEquals(2, RunDirectory.open(root).config().sampling().steps());
    // The last regular one, too, to which training would go back.
    assertEquals(
        List.of("iteration-000008.safetensors", "iteration-000009.safetensors"),
        TinyRuns.names(root.resolve("checkpoints")));
  }

  @Test
  void threadsThatARunDoesNotSayAreFoundOut_written_andKeptInSilence() throws Exception {
    Path root = directory.resolve("run");
    TinyRuns.trainUntil(
        TrainingRun.start(root, TinyRuns.config("training.threads=null"), runs.out()), 2);
    String said = runs.said();
    assertTrue(said.contains("\nthreads   "), said);
    Integer found = RunDirectory.open(root).config().training().threads();
    assertNotNull(found);
    for (int session = 2; session <= 3; session++) {
      TinyRuns.trainUntil(resume(root), 1);
      assertEquals(found, RunDirectory.open(root).config().training().threads());
    }
    String later = runs.said().substring(said.length());
    assertFalse(later.contains("threads   "), later);
    assertFalse(later.contains("note: "), later);
  }

  @Test
  void otherThreadsMayRoundOtherwise_andThatIsSaid() throws Exception {
    Path root = runs.train("run", "training.decay=none");
    resume(root, "training.threads=2", "training.iterations=9").run(() -> false);
    String said = runs.said();
    assertTrue(
        said.contains("note: training.threads: the 8 iterations done were computed with 1, "),
        said);
    // What is found out may be what it was.
    resume(root, "training.threads=null", "training.iterations=10").run(() -> false);
    String later = runs.said().substring(said.length());
    Integer found = RunDirectory.open(root).config().training().threads();
    assertEquals(
        !Objects.equals(2, found),
        later.contains("note: training.threads: the 9 iterations done were computed with 2, "),
        later);
    assertFalse(later.contains("older version"), later);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "training.batch=8",
        "training.learning_rate=1",
        "network.dropout=0.5",
        "data.size=8",
        "sampling.variance=fixed_large",
        "ema.power=1",
        "schedule.timesteps=21"
      })
  void whatAnIterationDependsOnMayNot_andNothingIsWritten(String setting) throws Exception {
    Path root = runs.train("run", "training.iterations=1");
    String config = Files.readString(root.resolve("config.yaml"));
    String said = refusal(root, setting, "output.keep=1");
    assertTrue(said.startsWith(setting.substring(0, setting.indexOf('=')) + ": "), said);
    assertTrue(
        said.contains(
            "a run that goes on may change data.source, data.workers, training.iterations, "),
        said);
    assertEquals(config, Files.readString(root.resolve("config.yaml")));
    // And the run is not locked by the refusal.
    assertEquals(TrainingRun.Outcome.FINISHED_BEFORE, resume(root).run(() -> false));
  }

  @Test
  void iterationsThatAreDoneCannotBeTakenBack() throws Exception {
    Path root = runs.train("run");
    assertEquals(
        "training.iterations: 7 (expected: at least 8, which the run has done)",
        refusal(root, "training.iterations=7"));
  }

  @Test
  void whileARunIsTrained_nobodyElseMayTrainIt() throws Exception {
    Path root = directory.resolve("run");
    TrainingRun first = TrainingRun.start(root, TinyRuns.config(), runs.out());
    String expected =
        "%s: is being trained by process %d (expected: one training of a run at a time)"
            .formatted(root, ProcessHandle.current().pid());
    assertEquals(expected, refusal(root));
    assertEquals(
        expected,
        assertThrows(UserError.class, () -> TrainingRun.start(root, TinyRuns.config(), runs.out()))
            .getMessage());
    TinyRuns.trainUntil(first, 3);
    assertEquals(TrainingRun.Outcome.FINISHED, resume(root).run(() -> false));
  }

  @Test
  void aStartThatFailsLeavesNothing_andTheMendedOneStarts() throws Exception {
    Path root = directory.resolve("run");
    TrainingRun run = TrainingRun.start(root, TinyRuns.config(), runs.out());
    assertThrows(
        IllegalStateException.class,
        () ->
            run.run(
                () -> {
                  throw new IllegalStateException("before the first iteration");
                }));
    assertFalse(Files.exists(root));
    runs.train("run");
  }

  @Test
  void aStartThatWasKilledBeforeItsFirstCheckpoint_isReplaced() throws Exception {
    Path root = runs.train("run");
    for (String part : List.of("checkpoints", "samples")) {
      for (String name : TinyRuns.names(root.resolve(part))) {
        Files.delete(root.resolve(part).resolve(name));
      }
    }
    Files.delete(root.resolve("loss.png"));
    assertEquals(8, Files.readAllLines(root.resolve("metrics.csv")).size() - 1);
    runs.train("run", "training.iterations=2");
    assertEquals(2, Files.readAllLines(root.resolve("metrics.csv")).size() - 1);
  }
}
