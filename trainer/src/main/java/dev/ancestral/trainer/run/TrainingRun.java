package dev.ancestral.trainer.run;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.files.AtomicFile;
import dev.ancestral.trainer.config.OutputConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataSummary;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.data.Opening;
import dev.ancestral.trainer.loop.DivergedException;
import dev.ancestral.trainer.loop.IterationReport;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.loop.TrainingState;
import dev.ancestral.trainer.memory.MemoryCheck;
import dev.ancestral.trainer.network.Torch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Trains and writes as it goes: metrics, pictures, checkpoints. Stops between two iterations when
 * asked to, and saves first.
 */
public final class TrainingRun {
  /**
   * Numbers in a batch below which an operation is over before a second thread has woken: training
   * on 8×8 images was twice as fast with one thread on two busy cores.
   */
  private static final long WORTH_SHARING = 16_384;

  /** How a run ended. */
  public enum Outcome {
    /** Every iteration was done. */
    FINISHED,
    /** Every iteration had been done before. */
    FINISHED_BEFORE,
    /** Somebody asked it to stop; it can go on from where it is. */
    STOPPED
  }

  private final RunDirectory directory;
  private final RunLock lock;
  private final boolean isNew;
  private final Task task;
  private final Dataset data;
  private final PrintStream out;
  private Duration trainedBefore = Duration.ZERO;
  private long startedAt;

  private TrainingRun(
      RunDirectory directory,
      RunLock lock,
      boolean isNew,
      Task task,
      Dataset data,
      PrintStream out) {
    this.directory = directory;
    this.lock = lock;
    this.isNew = isNew;
    this.task = task;
    this.data = data;
    this.out = out;
  }

  /**
   * Prepares a new run; nothing is written before the data, the network, the chain and the memory
   * are known to fit. It is locked until {@link #run} ends, which is to be called once.
   *
   * @param out for what people read
   * @throws UserError if there is a run already, or it needs more memory than there is
   */
  public static TrainingRun start(Path root, TrainingConfig config, PrintStream out)
      throws IOException {
    RunDirectory.requireFree(root);
    Dataset data =
        Datasets.open(config.data().source(), config.data().options(), Opening.fresh(out));
    Task task = Task.of(config, RunData.of(data));
    task.memory().requireFits();
    RunLock lock = RunLock.take(root);
    try {
      RunDirectory directory = RunDirectory.create(root, task.config(), task.data());
      return new TrainingRun(directory, lock, true, task, data, out);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Prepares to go on with a run, from its newest whole checkpoint, or from the start if it has
   * none. It is locked until {@link #run} ends, which is to be called once.
   *
   * @param changes settings that the run has from then on, such as where its data are now or how
   *     many iterations it is to have
   * @param out for what people read
   * @throws UserError if there is no run, somebody trains it, these are not the data that it was
   *     started with, or a setting may not change; then nothing has changed
   */
  public static TrainingRun resume(Path root, Map<String, Object> changes, PrintStream out)
      throws IOException {
    RunDirectory directory = RunDirectory.open(root);
    // Before the lock, which would be left in a directory that holds no run.
    RunChanges.of(directory.config(), changes);
    RunLock lock = RunLock.take(root);
    try {
      RunChanges changed = RunChanges.of(directory.config(), changes);
      TrainingConfig config = changed.after();
      Dataset data = directory.openToTrain(config.data(), out);
      Task task = Task.of(config, RunData.of(data));
      int done = directory.checkpoints().newestIteration();
      if (config.training().iterations() < done) {
        throw new UserError(
            "training.iterations: %d (expected: at least %d, which the run has done)"
                .formatted(config.training().iterations(), done));
      }
      task.memory().requireFits();
      directory.sweep();
      if (!changed.changed().isEmpty()) {
        directory.write(config);
        directory.note(changed.toYaml(done));
        changed.note(done).ifPresent(note -> out.println("note: " + note));
      }
      return new TrainingRun(directory, lock, false, task, data, out);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * What a run would be.
   *
   * @param config with every setting spelled out, those included that the data decide
   * @param memory what it needs and what there is
   */
  public record Preview(TrainingConfig config, MemoryCheck memory) {}

  /**
   * Finds out what a run would be, without one.
   *
   * @param out for what people read
   * @throws IllegalArgumentException if data, network and chain do not fit each other
   */
  public static Preview preview(TrainingConfig config, PrintStream out) {
    DataSummary data =
        Datasets.describe(config.data().source(), config.data().options(), Opening.fresh(out));
    data.remarks().forEach(out::println);
    Task task = Task.of(config, RunData.of(data));
    return new Preview(task.config().decidedBy(task.spec()), task.memory());
  }

  /**
   * Trains to the end, or until asked to stop.
   *
   * @param stop asked between two iterations
   * @throws UserError if training diverged, where the last good checkpoint stays, or if memory was
   *     not enough
   */
  public Outcome run(BooleanSupplier stop) throws IOException {
    try {
      return train(stop);
    } catch (EngineException e) {
      throw isOutOfMemory(e)
          ? new UserError(
              "memory: not enough for training.batch %d (expected: a smaller training.batch or data.size; estimated: %s)"
                  .formatted(task.config().training().batch(), task.memory().inWords()),
              e)
          : e;
    } finally {
      lock.close();
    }
  }

  private static boolean isOutOfMemory(EngineException e) {
    return String.valueOf(e.getMessage()).contains("alloc_cpu");
  }

  private Outcome train(BooleanSupplier stop) throws IOException {
    boolean kept = false;
    try {
      RunDescription.print(out, task.memory());
      Torch.start(threads());
      try (NDManager base = Torch.newManager();
          TrainingLoop loop =
              new TrainingLoop(
                  base, task.config(), data, task.network(), task.loss(), task.conditioning());
          SampleSheet sheet = new SampleSheet(base, task)) {
        directory
            .checkpoints()
            .latest(
                loop.parameters().shapes(),
                warning -> out.println("warning: " + Printable.line(warning)))
            .ifPresent(
                checkpoint -> {
                  loop.restore(checkpoint.state());
                  trainedBefore = checkpoint.trainingTime();
                });
        startedAt = System.nanoTime();
        RunDescription.print(out, task, data, loop);
        if (loop.iteration() >= task.config().training().iterations()) {
          kept = true;
          return Outcome.FINISHED_BEFORE;
        }
        Metrics metrics = Metrics.after(directory.metrics(), loop.iteration());
        try {
          Outcome outcome = iterate(loop, sheet, metrics, stop);
          kept = true;
          return outcome;
        } finally {
          kept |= loop.iteration() > 0;
        }
      }
    } finally {
      if (isNew && !kept) {
        // So that the same command starts once its settings are mended.
        directory.discard();
      }
    }
  }

  /** Part of what decides the bits, so it follows from the configuration and the machine alone. */
  private int threads() {
    long numbers = (long) task.spec().elements() * task.config().training().batch();
    return numbers < WORTH_SHARING ? 1 : Runtime.getRuntime().availableProcessors();
  }

  private Outcome iterate(
      TrainingLoop loop, SampleSheet sheet, Metrics metrics, BooleanSupplier stop)
      throws IOException {
    OutputConfig output = task.config().output();
    int iterations = task.config().training().iterations();
    try (TrainingProgress progress =
        new TrainingProgress(
            out,
            loop.iteration(),
            iterations,
            task.config().training().samplesPerUpdate(),
            output.printEvery())) {
      while (loop.iteration() < iterations) {
        if (stop.getAsBoolean()) {
          save(loop, loop.state(), metrics);
          return Outcome.STOPPED;
        }
        IterationReport report = loop.iterate();
        metrics.add(report);
        progress.show(report);
        boolean last = report.iteration() == iterations;
        boolean checkpoint = last || report.iteration() % output.checkpointEvery() == 0;
        boolean picture = last || report.iteration() % output.sampleEvery() == 0;
        if (checkpoint || picture) {
          TrainingState state = loop.state();
          if (checkpoint) {
            save(loop, state, metrics);
          }
          if (picture) {
            draw(sheet, state, metrics);
          }
        }
      }
      return Outcome.FINISHED;
    } catch (DivergedException e) {
      metrics.flush();
      throw new UserError(e.getMessage() + "; " + lastGood(loop), e);
    }
  }

  private String lastGood(TrainingLoop loop) throws IOException {
    return directory
        .checkpoints()
        .latest(loop.parameters().shapes(), warning -> {})
        .map(good -> "the checkpoint of iteration " + good.state().iteration() + " stays")
        .orElse("there is no checkpoint yet");
  }

  private void save(TrainingLoop loop, TrainingState state, Metrics metrics) throws IOException {
    metrics.flush();
    Duration spent = trainedBefore.plusNanos(System.nanoTime() - startedAt);
    directory
        .checkpoints()
        .save(
            new Checkpoint(state, spent, Instant.now()),
            loop.parameters().shapes(),
            task.config().output().keep());
  }

  private void draw(SampleSheet sheet, TrainingState state, Metrics metrics) throws IOException {
    metrics.flush();
    SampleSheet.Pictures pictures = sheet.draw(state.ema());
    AtomicFile.write(directory.samples(state.iteration()), stream -> stream.write(pictures.png()));
    AtomicFile.write(directory.chain(state.iteration()), stream -> stream.write(pictures.gif()));
    byte[] plot = LossPlot.png(Metrics.losses(directory.metrics()));
    AtomicFile.write(directory.lossPlot(), stream -> stream.write(plot));
  }
}
