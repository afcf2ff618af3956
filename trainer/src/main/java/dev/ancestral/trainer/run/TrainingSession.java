package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.config.GuardConfig;
import dev.ancestral.trainer.config.OutputConfig;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.loop.Guard;
import dev.ancestral.trainer.loop.HeldOutLoss;
import dev.ancestral.trainer.loop.IterationReport;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The iterations that one process does of a run, and what it writes between them: metrics,
 * checkpoints, snapshots of averages, pictures. The loop and the sheet are the caller's, who closes
 * them.
 */
final class TrainingSession {
  private final RunDirectory directory;
  private final Task task;
  private final TrainingLoop loop;
  private final SampleSheet sheet;
  private final @Nullable HeldOutLoss heldOut;
  private final PrintStream out;
  private final OutputConfig output;
  private final RunLength length;
  private final List<Average> averages;
  private final Duration before;
  private final long startedAt = System.nanoTime();
  private int savedAt;

  /**
   * Begins where the loop is.
   *
   * @param before the time that its iterations so far have taken
   * @param out for what people read
   */
  TrainingSession(
      RunDirectory directory,
      Task task,
      Dataset data,
      TrainingLoop loop,
      SampleSheet sheet,
      Duration before,
      PrintStream out) {
    this.directory = directory;
    this.task = task;
    this.loop = loop;
    this.sheet = sheet;
    this.before = before;
    this.out = out;
    this.output = task.config().output();
    this.heldOut =
        output.heldOut() == 0
            ? null
            : new HeldOutLoss(task.config(), data, task.loss(), task.conditioning());
    this.length = task.length();
    this.averages = task.config().ema().averages();
    this.savedAt = loop.iteration();
  }

  /** Writes a checkpoint of what stands before the first iteration. */
  void saveStart() throws IOException {
    save(loop.state(), null, Metrics.after(directory.metrics(), 0));
  }

  /** Whether nothing is left to do. */
  boolean isAtTheEnd() {
    return length.isReached(loop.iteration(), spent());
  }

  /** Of training, over all sessions of the run. */
  private Duration spent() {
    return before.plusNanos(System.nanoTime() - startedAt);
  }

  /**
   * Iterates to the end, or until asked to stop; then everything is saved.
   *
   * @param stop asked between two iterations
   * @throws UserError if training diverged, where the last good checkpoint stays, or something
   *     could not be written, where the newest stays
   */
  TrainingRun.Outcome run(BooleanSupplier stop) throws IOException {
    try {
      return iterate(stop);
    } catch (IOException e) {
      throw new UserError(
          "%s: cannot be written: %s (expected: a disc with room, that may be written to); %s"
              .formatted(directory.root(), e.getMessage(), whatStays()),
          e);
    }
  }

  private String whatStays() throws IOException {
    return directory
        .checkpoints()
        .latest(loop.parameters().shapes(), warning -> {})
        .map(
            newest ->
                "the checkpoint of iteration %d stays, and --resume goes on from there"
                    .formatted(newest.state().iteration()))
        .orElse("there is no checkpoint yet");
  }

  private TrainingRun.Outcome iterate(BooleanSupplier stop) throws IOException {
    Metrics metrics = Metrics.after(directory.metrics(), loop.iteration());
    directory.snapshots().forgetAfter(loop.iteration());
    try (TrainingProgress progress =
        new TrainingProgress(out, loop.iteration(), before, length, output.printEvery())) {
      boolean last = false;
      while (!last) {
        if (stop.getAsBoolean()) {
          saveUnlessSaved(metrics);
          return TrainingRun.Outcome.STOPPED;
        }
        IterationReport report = loop.iterate();
        progress.show(report);
        if (report.isSkipped()) {
          metrics.add(report);
          goOnOrStop(report, metrics);
        }
        // Asked once: time may run out at any moment, and the last checkpoint is to be measured.
        last = isAtTheEnd();
        write(report, last, metrics);
      }
    }
    new RunSummary(directory, length, loop.iteration(), spent(), loop.guard().inAll()).print(out);
    return TrainingRun.Outcome.FINISHED;
  }

  /** What is done about a batch that was skipped. */
  private void goOnOrStop(IterationReport report, Metrics metrics) throws IOException {
    GuardConfig limits = task.config().training().guard();
    Guard guard = loop.guard();
    String what =
        "iteration %d: loss %s, gradient norm %s"
            .formatted(report.iteration(), report.loss(), report.gradientNorm());
    boolean restore = guard.inARow() >= limits.restoreAfter();
    // Before the first good one there is that of iteration 0, if training began with other weights.
    boolean isGoodThere = directory.checkpoints().has(guard.good());
    if (guard.sinceGood() >= limits.stopAfter() || (restore && !isGoodThere)) {
      metrics.flush();
      throw new UserError(
          "training diverged at %s, %d batches skipped (try a smaller training.learning_rate or training.clip_norm, or a longer training.warmup); %s"
              .formatted(
                  what,
                  guard.sinceGood(),
                  isGoodThere
                      ? "the checkpoint of iteration " + guard.good() + " stays"
                      : "there is no good checkpoint yet"));
    }
    out.println("warning: " + what + "; the batch is skipped");
    if (restore) {
      loop.goBackTo(directory.checkpoints().at(guard.good(), loop.parameters().shapes()).state());
      directory.snapshots().forgetAfter(guard.good());
      out.printf(
          "warning: %d batches were skipped in a row; back to the weights of iteration %d%n",
          guard.inARow(), guard.good());
    }
  }

  /**
   * Writes what is due after an iteration.
   *
   * @param report what the iteration said, which is noted here unless it was skipped
   * @param last whether it is the last one
   */
  private void write(IterationReport report, boolean last, Metrics metrics) throws IOException {
    int iteration = loop.iteration();
    boolean regular = iteration % output.checkpointEvery() == 0;
    Double loss = null;
    if (!report.isSkipped()) {
      if (heldOut != null && (regular || last)) {
        loss = sheet.lossOf(loop.state().ema(), heldOut);
      }
      if (regular) {
        loop.atCheckpoint(loss);
      }
      metrics.add(loss == null ? report : report.withHeldOutLoss(loss));
      keepSnapshot(iteration);
    }
    if (regular || last) {
      save(loop.state(), loss, metrics);
    }
    if (last || iteration % output.sampleEvery() == 0) {
      draw(loop.state(), metrics);
    }
  }

  private void keepSnapshot(int iteration) throws IOException {
    Integer every = task.config().ema().snapshotEvery();
    if (task.config().ema().sigmaRel().isEmpty()
        || iteration % (every == null ? output.checkpointEvery() : every) != 0) {
      return;
    }
    List<float[]> states = loop.state().averages();
    Map<Average.Power, float[]> kept = new LinkedHashMap<>();
    for (int i = 0; i < averages.size(); i++) {
      if (averages.get(i) instanceof Average.Power power) {
        kept.put(power, states.get(i));
      }
    }
    directory.snapshots().save(iteration, kept, loop.parameters().shapes());
  }

  /** What was written at this iteration stays as it is, with what was measured of it. */
  private void saveUnlessSaved(Metrics metrics) throws IOException {
    if (savedAt < loop.iteration() || !directory.checkpoints().has(savedAt)) {
      save(loop.state(), null, metrics);
    }
  }

  private void save(TrainingState state, @Nullable Double loss, Metrics metrics)
      throws IOException {
    metrics.flush();
    directory
        .checkpoints()
        .save(
            new Checkpoint(
                state, averages.stream().map(Average::name).toList(), spent(), Instant.now(), loss),
            loop.parameters().shapes(),
            output);
    savedAt = state.iteration();
  }

  private void draw(TrainingState state, Metrics metrics) throws IOException {
    metrics.flush();
    SampleSheet.Pictures pictures = sheet.draw(state.ema());
    AtomicFile.write(directory.samples(state.iteration()), stream -> stream.write(pictures.png()));
    AtomicFile.write(directory.chain(state.iteration()), stream -> stream.write(pictures.gif()));
    byte[] plot = LossPlot.png(Metrics.read(directory.metrics(), Metrics.Column.LOSS));
    AtomicFile.write(directory.lossPlot(), stream -> stream.write(plot));
  }
}
