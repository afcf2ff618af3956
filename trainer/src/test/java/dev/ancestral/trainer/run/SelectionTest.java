package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.average.PowerFunction;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.config.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which weights of a run are taken, by name. */
class SelectionTest {
  private static TinyRuns runs;
  private static Path root;

  @BeforeAll
  static void train(@TempDir Path temporary) throws IOException {
    runs = new TinyRuns(temporary);
    root =
        runs.train(
            "run",
            "training.iterations=24",
            "training.learning_rate=0.01",
            "ema.rates=0.3",
            "ema.sigma_rel=0.05,0.1,0.07",
            "ema.snapshot_every=2",
            "output.keep_every=8",
            "output.keep=1",
            "output.sample_every=24");
  }

  private static SelectedWeights select(
      @Nullable String ema, @Nullable String checkpoint, List<String> warnings) throws IOException {
    RunDirectory run = RunDirectory.open(root);
    Path newest = TensorHashes.newest(root);
    return SelectedWeights.of(
        run, run.config(), Selection.of(ema, checkpoint), TinyRuns.shapes(newest), warnings::add);
  }

  private static SelectedWeights select(@Nullable String ema, @Nullable String checkpoint)
      throws IOException {
    List<String> warnings = new ArrayList<>();
    SelectedWeights selected = select(ema, checkpoint, warnings);
    assertEquals(List.of(), warnings);
    return selected;
  }

  @Test
  void averagesAreTakenByTheirName_orTheirRate() throws IOException {
    Checkpoint newest = select(null, null).checkpoint();
    assertEquals(
        List.of("default", "0.3", "power:0.05", "power:0.1", "power:0.07"), newest.averages());
    assertArrayEquals(newest.state().ema(), select("default", "last").flat());
    assertArrayEquals(newest.state().ema(), select("0.995", null).flat());
    assertArrayEquals(newest.state().averages().get(1), select("0.30", null).flat());
  }

  @Test
  void anAverageThatWasKeptIsReconstructedAsItIs() throws IOException {
    SelectedWeights selected = select("power:0.1", null);
    assertArrayEquals(selected.checkpoint().average("power:0.1"), selected.flat(), 1e-6f);
  }

  @Test
  void anAverageOfAnotherWidthIsMadeFromTheSnapshots_asTrainingWouldHaveMadeIt()
      throws IOException {
    RunDirectory run = RunDirectory.open(root);
    Checkpoint newest = select(null, null).checkpoint();
    float[] kept = newest.average("power:0.07");
    List<String> warnings = new ArrayList<>();
    float[] made =
        run.snapshots()
            .reconstruct(
                new PowerFunction(0.07),
                run.config().ema().averages().stream()
                    .filter(Average.Power.class::isInstance)
                    .map(Average.Power.class::cast)
                    .filter(average -> !average.name().equals("power:0.07"))
                    .toList(),
                newest,
                TinyRuns.shapes(TensorHashes.newest(root)),
                warnings::add);
    double moved = distance(kept, newest.state().weights());
    assertTrue(distance(kept, made) < 0.05 * moved, distance(kept, made) + " of " + moved);
    assertTrue(distance(kept, newest.average("power:0.1")) > 0.2 * moved);
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += ((double) one[i] - other[i]) * ((double) one[i] - other[i]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void aWidthThatTheSnapshotsHardlyReachIsWarnedOf() throws IOException {
    List<String> warnings = new ArrayList<>();
    select("power:0.01", null, warnings);
    assertEquals(1, warnings.size());
    assertTrue(
        warnings.get(0).matches("--ema power:0.01: \\d+ % of its weighting is not met by .*"),
        warnings.get(0));
  }

  @Test
  void checkpointsStay_theNewest_everySoMany_andTheBest() throws IOException {
    List<String> names = new ArrayList<>(TinyRuns.names(root.resolve("checkpoints")));
    int best = select(null, "best").checkpoint().state().iteration();
    for (int iteration : new int[] {8, 16, 24, best}) {
      assertTrue(
          names.contains("iteration-%06d.safetensors".formatted(iteration)), names.toString());
    }
    assertTrue(names.size() <= 4, names.toString());
    List<Double> losses = Metrics.read(root.resolve("metrics.csv"), Metrics.Column.HELD_OUT_LOSS);
    double least = losses.stream().filter(loss -> !Double.isNaN(loss)).min(Double::compare).get();
    assertEquals(least, losses.get(best - 1));
    assertEquals(12, losses.stream().filter(loss -> !Double.isNaN(loss)).count());
    assertTrue(
        runs.said().contains("best      the averaged weights of iteration " + best + ": loss"),
        runs.said());
  }

  @Test
  void aCheckpointIsTakenByItsIteration() throws IOException {
    SelectedWeights selected = select("power:0.1", "16");
    assertEquals(16, selected.checkpoint().state().iteration());
    assertArrayEquals(selected.checkpoint().average("power:0.1"), selected.flat(), 1e-6f);
    assertFalse(Arrays.equals(selected.flat(), select("power:0.1", null).flat()));
    try (TrainedNetwork network =
        TrainedNetwork.load(root, Selection.of("power:0.08", "16"), warning -> {})) {
      Map<String, String> provenance = network.facts().provenance();
      assertEquals("16", provenance.get("iterations"));
      assertEquals("ema power:0.08", provenance.get("weights"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          most      |       | --ema: most (expected: default, a rate of ema.rates, or power:WIDTH with a width above 0, at most 0.28)
          power:0.3 |       | --ema: power:0.3 (expected: default, a rate of ema.rates, or power:WIDTH with a width above 0, at most 0.28)
          0.4       |       | --ema: 0.4 (expected: default, 0.3, power:0.05, power:0.1, power:0.07, as the run kept them)
                    | first | --checkpoint: first (expected: best, last or an iteration)
          """)
  void whatThereIsNotIsRefusedByName(
      @Nullable String ema, @Nullable String checkpoint, String line) {
    assertEquals(line, assertThrows(UserError.class, () -> select(ema, checkpoint)).getMessage());
  }

  @Test
  void aCheckpointThatIsNotThereIsRefused_withThoseThatAre() {
    String message =
        String.valueOf(assertThrows(UserError.class, () -> select(null, "17")).getMessage());
    assertTrue(message.contains("iteration-000017.safetensors: is not there"), message);
    assertTrue(message.contains("(expected: a checkpoint of iteration 24, "), message);
  }

  @Test
  void aRunThatKeptNoSuchAveragesSaysHowTo() throws IOException {
    Path plain = runs.train("plain", "training.iterations=1", "output.held_out=0");
    for (String[] wanted : new String[][] {{"power:0.1", "last"}, {"default", "best"}}) {
      String message =
          String.valueOf(
              assertThrows(
                      UserError.class,
                      () ->
                          TrainedNetwork.load(
                              plain, Selection.of(wanted[0], wanted[1]), warning -> {}))
                  .getMessage());
      assertTrue(
          message.startsWith(
              wanted[1].equals("best")
                  ? "--checkpoint: best (expected: last or an iteration, since"
                  : "--ema: power:0.1 (expected: a run that kept power-function averages, by"),
          message);
    }
  }

  @Test
  void beforeTheFirstIterationNoAverageIsReconstructed_andLaterSnapshotsAreForgottenOnResume()
      throws IOException {
    Path young = root.resolveSibling("young");
    TrainingRun run =
        TrainingRun.start(
            young,
            TinyRuns.config(
                "ema.sigma_rel=0.05,0.1", "ema.snapshot_every=1", "output.checkpoint_every=1"),
            runs.out());
    TinyRuns.trainUntil(run, 0);
    Selection wanted = Selection.of("power:0.08", null);
    assertEquals(
        "--ema: power:0.08 of iteration 0 (expected: a checkpoint after at least 1 iteration)",
        assertThrows(UserError.class, () -> TrainedNetwork.load(young, wanted, warning -> {}))
            .getMessage());
    TinyRuns.trainUntil(TrainingRun.resume(young, Map.of(), runs.out()), 3);
    Files.delete(young.resolve("checkpoints/iteration-000003.safetensors"));
    TinyRuns.trainUntil(TrainingRun.resume(young, Map.of(), runs.out()), 0);
    assertEquals(
        List.of("000001.safetensors", "000002.safetensors"),
        TinyRuns.names(young.resolve("averages")));
  }

  @Test
  void theSizeOfFurtherAveragesIsSaid() {
    TrainingConfig config = TinyRuns.config("ema.rates=0.3");
    assertEquals(2, config.ema().averages().size());
    assertTrue(
        runs.said().contains("averages  default, 0.3, power:0.05, power:0.1, power:0.07: "),
        runs.said());
    assertTrue(runs.said().contains("every 2 iterations, which stay"), runs.said());
  }
}
