package dev.ancestral.trainer.run;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.Average;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.DataSummary;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.data.Datasets;
import dev.ancestral.trainer.data.Opening;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.memory.MemoryCheck;
import dev.ancestral.trainer.network.Torch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains and writes as it goes: metrics, pictures, checkpoints. Stops between two iterations when
 * asked to, and saves first.
 */
public final class TrainingRun {
  /** How a run ended. */
  public enum Outcome {
    /** It came to its end. */
    FINISHED,
    /** It had come to its end before. */
    FINISHED_BEFORE,
    /** Somebody asked it to stop; it can go on from where it is. */
    STOPPED
  }

  private final RunDirectory directory;
  private final RunLock lock;
  private final @Nullable RunChanges changes;
  private final Task task;
  private final Dataset data;
  private final @Nullable Initialisation initialisation;
  private final PrintStream out;
  private Duration trainedBefore = Duration.ZERO;

  private TrainingRun(
      RunDirectory directory,
      RunLock lock,
      @Nullable RunChanges changes,
      Task task,
      Dataset data,
      @Nullable Initialisation initialisation,
      PrintStream out) {
    this.directory = directory;
    this.lock = lock;
    this.changes = changes;
    this.task = task;
    this.data = data;
    this.initialisation = initialisation;
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
    return start(root, config, null, out);
  }

  /**
   * Prepares a new run that may begin with the weights of another, as far as they fit.
   *
   * @param init a run, a bundle or a directory of diffusers; null for the seed's weights alone
   * @param out for what people read
   * @throws UserError as above, or if no weight of {@code init} fits or the same weights would be
   *     another function here
   */
  public static TrainingRun start(
      Path root, TrainingConfig config, @Nullable Path init, PrintStream out) throws IOException {
    RunDirectory.requireFree(root);
    Dataset data =
        Datasets.open(config.data().source(), config.data().options(), Opening.fresh(out));
    Task task = Task.of(config, RunData.of(data));
    task.memory().requireFits();
    Initialisation initialisation =
        init == null
            ? null
            : Initialisation.of(
                InitialWeights.of(
                    init, warning -> out.println("warning: " + Printable.line(warning))),
                task.shapes(),
                task.conditioning(),
                WeightsMeaning.of(task));
    RunLock lock = RunLock.take(root);
    try {
      RunDirectory directory =
          RunDirectory.create(root, task.config(), task.data(), initialisation);
      return new TrainingRun(directory, lock, null, task, data, initialisation, out);
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
   * @throws UserError if there is no run, somebody trains it, it has not the weights that it was to
   *     begin with, these are not the data that it was started with, or a setting may not change;
   *     then nothing has changed
   */
  public static TrainingRun resume(Path root, Map<String, Object> changes, PrintStream out)
      throws IOException {
    RunDirectory directory = RunDirectory.open(root);
    // Before the lock, which would be left in a directory that holds no run.
    RunChanges.of(directory.config(), changes);
    RunLock lock = RunLock.take(root);
    try {
      directory.init().requireTaken(!directory.checkpoints().isEmpty());
      RunChanges changed = RunChanges.of(directory.config(), changes);
      TrainingConfig config = changed.after();
      Dataset data = directory.openToTrain(config.data(), out);
      Task task = Task.of(config, RunData.of(data));
      int done = directory.checkpoints().newestIteration();
      RunLength length = task.length();
      if (length.iterations() != null && length.iterations() < done) {
        throw new UserError(
            "%s%s (expected: at least %d, which the run has done)"
                .formatted(
                    length.setting(),
                    config.training().stop().iterations() == null
                        ? ", %d iterations".formatted(length.iterations())
                        : "",
                    done));
      }
      task.memory().requireFits();
      directory.sweep();
      directory.init().complete();
      if (!changed.changed().isEmpty()) {
        directory.write(config);
        directory.note(changed.toYaml(done));
        changed.note(done, data.size()).ifPresent(note -> out.println("note: " + note));
      }
      return new TrainingRun(directory, lock, changed, task, data, null, out);
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

  /** The setting that ends the run, once it is at its end. */
  public String endedBy() throws IOException {
    return task.length().endedBy(directory.checkpoints().newestIteration());
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
                  requireAverages(checkpoint);
                  loop.restore(checkpoint.state());
                  trainedBefore = checkpoint.trainingTime();
                });
        RunDescription.print(out, task, data, loop);
        TrainingSession session =
            new TrainingSession(directory, task, data, loop, sheet, trainedBefore, out);
        if (initialisation != null) {
          initialisation.print(out);
          float[] weights = loop.state().weights();
          initialisation.writeInto(weights);
          loop.startFrom(weights);
          session.saveStart();
          kept = true;
          // From here on the run needs its source no more.
          directory.init().complete();
        }
        if (session.isAtTheEnd()) {
          kept = true;
          return Outcome.FINISHED_BEFORE;
        }
        useThreads(loop);
        try {
          Outcome outcome = session.run(stop);
          kept = true;
          return outcome;
        } finally {
          kept |= loop.iteration() > 0;
        }
      }
    } finally {
      if (changes == null && !kept) {
        // So that the same command starts once its settings are mended.
        directory.discard();
      }
    }
  }

  private void requireAverages(Checkpoint checkpoint) {
    List<String> expected = task.config().ema().averages().stream().map(Average::name).toList();
    if (!checkpoint.averages().equals(expected)) {
      throw new UserError(
          "%s: the checkpoint of iteration %d has the averages %s (expected: %s, as its config.yaml says)"
              .formatted(
                  directory.root(),
                  checkpoint.state().iteration(),
                  String.join(", ", checkpoint.averages()),
                  String.join(", ", expected)));
    }
  }

  /** Computes on the threads that the run says; where it says nothing, it will from now on. */
  private void useThreads(TrainingLoop loop) throws IOException {
    Integer said = task.config().training().threads();
    int threads = said == null ? findThreads(loop) : said;
    Torch.use(threads);
    if (changes != null) {
      changes
          .noteOfRounding(loop.iteration(), threads)
          .ifPresent(note -> out.println("note: " + note));
    }
  }

  /** Finds out which number of threads is fastest, and keeps it in the run. */
  private int findThreads(TrainingLoop loop) throws IOException {
    ThreadChoice choice =
        ThreadChoice.of(
            Runtime.getRuntime().availableProcessors(),
            threads -> {
              Torch.use(threads);
              return loop.rehearse();
            });
    directory.write(task.config().withThreads(choice.threads()));
    out.println("threads   " + choice.inWords());
    return choice.threads();
  }
}
