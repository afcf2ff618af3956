package dev.ancestral.bench.process;

import dev.ancestral.cli.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code train} in a process that stands still except while it is measured, so that others can be
 * measured between. For one thread; Linux alone.
 */
public final class TrainingProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String PROGRESS = "iteration ";
  private static final String PEAK = "VmHWM:";

  private final Dialogue dialogue;
  private final long pid;

  private TrainingProcess(Dialogue dialogue, long pid) {
    this.dialogue = dialogue;
    this.pid = pid;
  }

  /**
   * Starts it and lets it come to its first line of progress.
   *
   * @param arguments of {@code train}, without those that say how long and how often it prints
   * @param updates between two lines of progress
   */
  public static TrainingProcess start(Launcher launcher, List<String> arguments, int updates)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("train"));
    all.addAll(arguments);
    for (String setting :
        List.of(
            "training.iterations=1000000",
            "output.print_every=" + updates,
            "output.sample_every=1000000",
            "output.checkpoint_every=1000000")) {
      all.addAll(List.of("--set", setting));
    }
    Dialogue dialogue = new Dialogue(launcher.builder(all));
    TrainingProcess started = new TrainingProcess(dialogue, dialogue.pid());
    try {
      started.awaitProgress();
      started.signal("STOP");
      return started;
    } catch (IOException | InterruptedException | RuntimeException e) {
      dialogue.close();
      throw e;
    }
  }

  /** The time from one line of progress to the next, both after it went on. */
  public Duration stretch() throws IOException, InterruptedException {
    signal("CONT");
    awaitProgress();
    long start = System.nanoTime();
    awaitProgress();
    long end = System.nanoTime();
    signal("STOP");
    return Duration.ofNanos(end - start);
  }

  /** The most bytes that it has had in memory. */
  public long peakBytes() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      String peak = lines.filter(line -> line.startsWith(PEAK)).findFirst().orElseThrow();
      return Long.parseLong(peak.replaceAll("\\D", "")) * 1024;
    }
  }

  private void awaitProgress() throws IOException, InterruptedException {
    String said = "";
    while (!said.startsWith(PROGRESS)) {
      said = dialogue.next(PATIENCE);
      if (said.startsWith("error: ")) {
        throw new UserError("train: " + said);
      }
    }
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
  }

  @Override
  public void close() {
    try {
      signal("CONT");
    } catch (IOException e) {
      // It is ended all the same.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dialogue.close();
  }
}
