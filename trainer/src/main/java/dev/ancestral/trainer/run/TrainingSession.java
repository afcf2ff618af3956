package dev.ancestral.trainer.run;

import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.OutputConfig;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.loop.DivergedException;
import dev.ancestral.trainer.loop.IterationReport;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.loop.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * The iterations that one process does of a run, and what it writes between them: metrics,
 * checkpoints, pictures. The loop and the sheet are the caller's, who closes them.
 */
final class TrainingSession {
  private final RunDirectory directory;
  private final Task task;
  private final TrainingLoop loop;
  private final SampleSheet sheet;
  private final PrintStream out;
  private final RunLength length;
  private final Duration before;
  private final long startedAt = System.nanoTime();
  private int savedAt;
  private int drawnAt;

  /**
   * Begins where the loop is.
   *
   * @param before the time that its iterations so far have taken
   * @param out for what people read
   */
  TrainingSession(
      RunDirectory directory,
      Task task,
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
    this.length = task.length();
    this.savedAt = loop.iteration();
    this.drawnAt = loop.iteration();
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
   * @throws UserError if training diverged, where the last good checkpoint stays
   */
  TrainingRun.Outcome run(BooleanSupplier stop) throws IOException {
    OutputConfig output = task.config().output();
    Metrics metrics = Metrics.after(directory.metrics(), loop.iteration());
    try (TrainingProgress progress =
        new TrainingProgress(out, loop.iteration(), before, length, output.printEvery())) {
      while (!isAtTheEnd()) {
        if (stop.getAsBoolean()) {
          save(loop.state(), metrics);
          return TrainingRun.Outcome.STOPPED;
        }
        IterationReport report = loop.iterate();
        metrics.add(report);
        progress.show(report);
        write(
            report.iteration() % output.checkpointEvery() == 0,
            report.iteration() % output.sampleEvery() == 0,
            metrics);
      }
      write(savedAt < loop.iteration(), drawnAt < loop.iteration(), metrics);
    } catch (DivergedException e) {
      metrics.flush();
      throw new UserError(e.getMessage() + "; " + lastGood(), e);
    }
    new RunSummary(directory, length, loop.iteration(), spent()).print(out);
    return TrainingRun.Outcome.FINISHED;
  }

  private String lastGood() throws IOException {
    return directory
        .checkpoints()
        .latest(loop.parameters().shapes(), warning -> {})
        .map(good -> "the checkpoint of iteration " + good.state().iteration() + " stays")
        .orElse("there is no checkpoint yet");
  }

  private void write(boolean checkpoint, boolean picture, Metrics metrics) throws IOException {
    if (checkpoint || picture) {
      TrainingState state = loop.state();
      if (checkpoint) {
        save(state, metrics);
      }
      if (picture) {
        draw(state, metrics);
      }
    }
  }

  private void save(TrainingState state, Metrics metrics) throws IOException {
    metrics.flush();
    directory
        .checkpoints()
        .save(
            new Checkpoint(state, spent(), Instant.now()),
            loop.parameters().shapes(),
            task.config().output().keep());
    savedAt = state.iteration();
  }

  private void draw(TrainingState state, Metrics metrics) throws IOException {
    metrics.flush();
    SampleSheet.Pictures pictures = sheet.draw(state.ema());
    AtomicFile.write(directory.samples(state.iteration()), stream -> stream.write(pictures.png()));
    AtomicFile.write(directory.chain(state.iteration()), stream -> stream.write(pictures.gif()));
    byte[] plot = LossPlot.png(Metrics.read(directory.metrics(), Metrics.Column.LOSS));
    AtomicFile.write(directory.lossPlot(), stream -> stream.write(plot));
    drawnAt = state.iteration();
  }
}
