package dev.ancestral.bench.scenario;

import dev.ancestral.bench.baseline.PyTorch;
import dev.ancestral.bench.baseline.PyTorchTraining;
import dev.ancestral.bench.process.TrainingProcess;
import dev.ancestral.bench.report.Finding;
import dev.ancestral.bench.report.Quantity;
import dev.ancestral.bench.report.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Updates of a network in {@code train}, beside the same network in PyTorch: in turns, each
 * standing still while the other is measured.
 */
final class Training implements Scenario {
  private static final String THEIRS = "PyTorch and diffusers";
  private static final double MIB = 1 << 20;

  /** Neither the quickest turns nor the warmest caches decide. */
  private static final Duration REST = Duration.ofMillis(50);

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return "updates of a network while training, against PyTorch and diffusers in Python";
  }

  @Override
  public void run(Lab lab, Results results) throws IOException, InterruptedException {
    for (TrainedTask task : TrainedTask.ALL) {
      run(lab, task, results);
    }
  }

  private void run(Lab lab, TrainedTask task, Results results)
      throws IOException, InterruptedException {
    String ours = "train, " + task.label();
    String theirs = THEIRS + ", " + task.label();
    List<String> arguments = task.arguments(lab.directory());
    try (TrainingProcess training =
        TrainingProcess.start(lab.launcher(), arguments, task.updates())) {
      try (PyTorchTraining python = lab.pyTorchTraining(task.python())) {
        Turns turns = new Turns(REST);
        turns.enter(ours, () -> task.samplesPerSecond(training.stretch()));
        turns.enter(theirs, () -> task.samplesPerSecond(python.run(task.updates())));
        Rounds rounds = turns.run(name(), Quantity.SAMPLES_PER_SECOND, lab.pace().pairs());
        results.add(rounds.finding(ours, theirs, python.version()));
        Rounds memory = new Rounds(name(), Quantity.MEBIBYTES);
        memory.add(ours, training.peakBytes() / MIB);
        memory.add(theirs, python.peakBytes() / MIB);
        results.add(memory.finding(ours, theirs, "most resident memory"));
      } catch (PyTorch.Unavailable e) {
        results.add(Finding.missing(name(), theirs, Quantity.SAMPLES_PER_SECOND, e.reason()));
      }
    }
  }
}
