package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training that is killed again and again, and on a disc that fills up: whatever happens, the run
 * goes on to the weights of one that nothing happened to.
 */
@Tag("long")
@Timeout(600)
class FaultDrillTest {
  private static final int KILLS = 20;

  private static final String SETTINGS =
      """
      data:
        workers: 2
        augmentation: {horizontal_flip: true, translation: 1}
      schedule: {name: squaredcos_cap_v2, timesteps: 20}
      loss: {timesteps: second_moment}
      network:
        block_out_channels: [8, 8]
        layers_per_block: 1
        norm_num_groups: 4
        dropout: 0.2
      training: {iterations: 800, batch: 4, warmup: 10, decay: linear, threads: 2}
      ema: {rates: [0.9, 0.5], sigma_rel: [0.05, 0.1], snapshot_every: 60}
      output: {sample_every: 400, samples: 1, checkpoint_every: 13, keep: 2, keep_every: 390, held_out: 8}
      sampling: {steps: 2}
      """;

  /** With checkpoints of 9 KB, and a metrics file of 40. */
  private static final List<String> SMALL =
      List.of(
          "--data",
          "builtin:swiss-roll",
          "--set",
          "network={type: conditional_mlp, width: 4}",
          "--set",
          "schedule={name: squaredcos_cap_v2, timesteps: 10}",
          "--set",
          "training.batch=8",
          "--set",
          "training.iterations=500",
          "--set",
          "training.threads=2",
          "--set",
          "ema.rates=0.9",
          "--set",
          "output={sample_every: 1000, checkpoint_every: 10, samples: 4, held_out: 8}",
          "--set",
          "sampling={sampler: ddpm, steps: 10}");

  private static ChildTraining trainings;
  private static List<String> arguments;
  private static Path straight;
  private static long straightMillis;

  @BeforeAll
  static void trainOnce(@TempDir Path directory) throws Exception {
    trainings = new ChildTraining(directory);
    Path settings = Files.writeString(directory.resolve("settings.yaml"), SETTINGS);
    arguments = List.of("--data", trainings.images().toString(), "--config", settings.toString());
    straight = directory.resolve("straight");
    long startedAt = System.nanoTime();
    ChildTraining.finish(trainings.start("straight", arguments));
    straightMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedAt);
  }

  @Test
  void killedAtTwentyRandomMoments_andResumed_itEndsAsIfNeverKilled() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed of the kills: " + seed);
    Random random = new Random(seed);
    Path root = trainings.directory().resolve("killed");
    int kills = 0;
    for (boolean done = false; !done; ) {
      boolean resumable = Files.exists(root.resolve("config.yaml"));
      Process process = trainings.start("killed", resumable ? List.of("--resume") : arguments);
      long until =
          kills < KILLS
              ? random.nextLong(straightMillis / 8)
              : TimeUnit.SECONDS.toMillis(ChildTraining.PATIENCE_SECONDS);
      done = process.waitFor(until, TimeUnit.MILLISECONDS);
      if (done) {
        assertEquals(0, process.exitValue(), Files.readString(trainings.said("killed")));
      } else {
        process.destroyForcibly();
        ChildTraining.await(process);
        kills++;
      }
    }
    System.out.println("killed " + kills + " times");
    assertTrue(kills >= KILLS / 2, "it was done after " + kills + " kills; seed " + seed);
    assertSameRun(straight, root);
  }

  /** Checkpoints, snapshots of averages, metrics and pictures, whatever time they took. */
  private static void assertSameRun(Path expected, Path actual) throws IOException {
    assertEquals(TensorHashes.ofNewest(expected), TensorHashes.ofNewest(actual));
    assertEquals(TinyRuns.metrics(expected), TinyRuns.metrics(actual));
    assertEquals(bytes(expected.resolve("averages")), bytes(actual.resolve("averages")));
    assertEquals(bytes(expected.resolve("samples")), bytes(actual.resolve("samples")));
    assertEquals(
        TinyRuns.names(expected.resolve("checkpoints")),
        TinyRuns.names(actual.resolve("checkpoints")));
  }

  private static Map<String, Integer> bytes(Path directory) throws IOException {
    Map<String, Integer> hashes = new TreeMap<>();
    for (String name : TinyRuns.names(directory)) {
      hashes.put(name, Arrays.hashCode(Files.readAllBytes(directory.resolve(name))));
    }
    return hashes;
  }

  /** A limit that no file may grow beyond; only that of the metrics grows. */
  @Test
  @DisabledOnOs(OS.WINDOWS) // There is no limit to set.
  void aDiscThatFillsUpStopsTrainingWithOneLine_andTheLastCheckpointIsWhole() throws Exception {
    ChildTraining.finish(trainings.start("roomy", SMALL));
    assertEquals(1, ChildTraining.await(trainings.start("full", limited("full", 20))));
    String last = lastLine("full");
    assertTrue(
        last.matches(
            "error: .*full: cannot be written: File too large \\(expected: a disc with room, that may"
                + " be written to\\); the checkpoint of iteration \\d+0 stays, and --resume goes on"
                + " from there"),
        last);
    Path root = trainings.directory().resolve("full");
    assertFalse(
        TinyRuns.names(root.resolve("checkpoints")).stream()
            .anyMatch(name -> name.endsWith("tmp")));
    ChildTraining.finish(trainings.start("full", List.of("--resume")));
    Path roomy = trainings.directory().resolve("roomy");
    assertEquals(TensorHashes.ofNewest(roomy), TensorHashes.ofNewest(root));
    assertEquals(TinyRuns.metrics(roomy), TinyRuns.metrics(root));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // There is no limit to set.
  void aDiscWithoutRoomForAnyCheckpointSaysThatThereIsNone() throws Exception {
    assertEquals(1, ChildTraining.await(trainings.start("tiny", limited("tiny", 4))));
    String last = lastLine("tiny");
    assertTrue(last.endsWith("; there is no checkpoint yet"), last);
  }

  private static String[] limited(String run, int kibibytes) {
    return Stream.concat(
            Stream.of("bash", "-c", "ulimit -f %d; exec \"$@\"".formatted(kibibytes), "bash"),
            trainings.command(run, SMALL).stream())
        .toArray(String[]::new);
  }

  private static String lastLine(String run) throws IOException {
    List<String> said = Files.readAllLines(trainings.said(run));
    return said.get(said.size() - 1);
  }
}
