package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Training in processes of their own, ended from outside and resumed in others: the weights are
 * those of a process that nobody ended.
 */
@Tag("long")
@Timeout(300)
class EndedTrainingTest {
  /** 2.5 iterations an epoch of the ten images, so that iteration 33 is in the middle of one. */
  private static final String SETTINGS =
      """
      data:
        augmentation: {horizontal_flip: true, translation: 1}
      schedule: {name: squaredcos_cap_v2, timesteps: 20}
      network:
        block_out_channels: [8, 8]
        layers_per_block: 1
        norm_num_groups: 4
        dropout: 0.2
      training: {iterations: 160, batch: 4, warmup: 10}
      output: {sample_every: 80, samples: 1, checkpoint_every: 33}
      sampling: {steps: 2}
      """;

  private static Path directory;
  private static ChildTraining trainings;
  private static Map<String, String> neverEnded;

  @BeforeAll
  static void trainOnce(@TempDir Path temporary) throws Exception {
    directory = temporary;
    trainings = new ChildTraining(directory);
    trainings.images();
    Files.writeString(directory.resolve("settings.yaml"), SETTINGS);
    ChildTraining.finish(start("straight"));
    neverEnded = TensorHashes.ofNewest(directory.resolve("straight"));
  }

  private static Process start(String run, String... settings) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--data",
                directory.resolve("images").toString(),
                "--config",
                directory.resolve("settings.yaml").toString()));
    for (String setting : settings) {
      arguments.addAll(List.of("--set", setting));
    }
    return trainings.start(run, arguments);
  }

  /** Returns once the file is there and the process still runs. */
  private static void awaitFile(Process process, Path file) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ChildTraining.PATIENCE_SECONDS);
    while (!Files.exists(file)) {
      assertFalse(
          process.waitFor(5, TimeUnit.MILLISECONDS), () -> "it ended before it wrote " + file);
      assertTrue(System.nanoTime() < end, () -> "it did not write " + file);
    }
  }

  private static int newestIteration(Path run) throws IOException {
    String name = String.valueOf(TensorHashes.newest(run).getFileName());
    return Integer.parseInt(name.replaceAll("\\D", ""));
  }

  @ParameterizedTest
  @CsvSource({"early, metrics.csv", "middle, checkpoints/iteration-000033.safetensors"})
  void killedAndResumed_everyTensorIsThatOfARunNeverEnded(String run, String sign)
      throws Exception {
    Path root = directory.resolve(run);
    Process process = start(run);
    awaitFile(process, root.resolve(sign));
    process.destroyForcibly();
    assertTrue(ChildTraining.await(process) != 0, "it was killed before its end");
    assertFalse(Files.exists(root.resolve("checkpoints/iteration-000160.safetensors")));
    ChildTraining.finish(trainings.start(run, List.of("--resume")));
    assertEquals(160, newestIteration(root));
    assertEquals(neverEnded, TensorHashes.ofNewest(root));
    assertEquals(TinyRuns.metrics(directory.resolve("straight")), TinyRuns.metrics(root));
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  @DisabledOnOs(OS.WINDOWS) // There are no signals.
  void toldToStop_itSavesFirst_andGoesOnAsIfItHadNot(String signal) throws Exception {
    assumeFalse(signal.equals("INT") && isInterruptIgnored(), "a shell's background job");
    Path root = directory.resolve(signal);
    Process process = start(signal, "output.checkpoint_every=1000");
    awaitFile(process, root.resolve("samples/000080.png"));
    ChildTraining.finish(
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).inheritIO().start());
    assertEquals(128 + (signal.equals("INT") ? 2 : 15), ChildTraining.await(process));
    String said = Files.readString(trainings.said(signal));
    assertTrue(
        said.endsWith("stopped and saved; `train --resume --out %s` goes on%n".formatted(root)),
        said);
    int saved = newestIteration(root);
    assertTrue(saved >= 80 && saved < 160, "saved at iteration " + saved);
    ChildTraining.finish(trainings.start(signal, List.of("--resume")));
    assertEquals(neverEnded, TensorHashes.ofNewest(root));
  }

  /** A process keeps ignoring what its parent ignored, so nothing could be tested. */
  private static boolean isInterruptIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    return Files.readAllLines(status, StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 2) != 0);
  }
}
