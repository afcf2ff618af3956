package dev.ancestral.trainer.run;

import ai.djl.ndarray.NDManager;
import dev.ancestral.cli.Printable;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
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
import dev.ancestral.trainer.network.Torch;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains and writes as it goes: metrics, pictures, checkpoints. Stops between two iterations when
 * asked to, and saves first.
 */
public final class TrainingRun {
  private static final double SUSPICIOUS_SNR = 1e-2;

  /**
   * Numbers in a batch below which an operation is over before a second thread has woken: training
   * on 8×8 images was twice as fast with one thread on two busy cores.
   */
  private static final long WORTH_SHARING = 16_384;

  /** How a run ended. */
  public enum Outcome {
    /** Every iteration was done. */
    FINISHED,
    /** Somebody asked it to stop; it can go on from where it is. */
    STOPPED
  }

  private final RunDirectory directory;
  private final Task task;
  private final Dataset data;
  private final PrintStream out;
  private Duration trainedBefore = Duration.ZERO;
  private long startedAt;

  private TrainingRun(RunDirectory directory, Task task, Dataset data, PrintStream out) {
    this.directory = directory;
    this.task = task;
    this.data = data;
    this.out = out;
  }

  /**
   * Prepares a new run; nothing is written before the data, the network and the chain are known to
   * fit.
   *
   * @param out for what people read
   */
  public static TrainingRun start(Path root, TrainingConfig config, PrintStream out)
      throws IOException {
    Dataset data =
        Datasets.open(config.data().source(), config.data().options(), Opening.fresh(out));
    Task task = Task.of(config, RunData.of(data));
    return new TrainingRun(RunDirectory.create(root, task.config(), task.data()), task, data, out);
  }

  /**
   * Prepares to go on with a run, from its newest whole checkpoint, or from the start if it has
   * none.
   *
   * @param source where its data are now, which the run's configuration says from then on; null if
   *     they were not moved
   * @param out for what people read
   * @throws UserError if there is no run, or these are not the data that it was started with; then
   *     nothing has changed
   */
  public static TrainingRun resume(Path root, @Nullable String source, PrintStream out)
      throws IOException {
    RunDirectory directory = RunDirectory.open(root);
    TrainingConfig written = directory.config();
    TrainingConfig config = source == null ? written : written.withSource(source);
    Dataset data = directory.openToTrain(config.data(), out);
    Task task = Task.of(config, RunData.of(data));
    directory.sweep();
    if (!config.equals(written)) {
      directory.write(config);
    }
    return new TrainingRun(directory, task, data, out);
  }

  /**
   * A configuration with every setting spelled out, those included that the data decide.
   *
   * @param out for what people read
   * @throws IllegalArgumentException if data, network and chain do not fit each other
   */
  public static TrainingConfig resolve(TrainingConfig config, PrintStream out) {
    DataSummary data =
        Datasets.describe(config.data().source(), config.data().options(), Opening.fresh(out));
    data.remarks().forEach(out::println);
    Task task = Task.of(config, RunData.of(data));
    return task.config().decidedBy(task.spec());
  }

  /**
   * Trains to the end, or until asked to stop.
   *
   * @param stop asked between two iterations
   * @throws UserError if training diverged; the last good checkpoint stays
   */
  public Outcome run(BooleanSupplier stop) throws IOException {
    TrainingConfig config = task.config();
    Torch.start(threads());
    try (NDManager base = Torch.newManager();
        TrainingLoop loop =
            new TrainingLoop(base, config, data, task.network(), task.loss(), task.conditioning());
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
      describe(loop);
      Metrics metrics = Metrics.after(directory.metrics(), loop.iteration());
      return iterate(loop, sheet, metrics, stop);
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

  private void describe(TrainingLoop loop) {
    TrainingConfig config = task.config();
    var description = task.data().description();
    out.printf(
        Locale.ROOT,
        "data      %s: %d samples of shape %s%s%n",
        Printable.line(description.source()),
        task.data().samples(),
        description.spec().shape(),
        task.conditioning() == null
            ? ""
            : ", %d classes".formatted(task.conditioning().numClasses()));
    data.remarks().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "network   %s: %,d parameters%n",
        config.network().type(),
        loop.parameters().size());
    NoiseSchedule schedule = config.schedule().create();
    double snr = schedule.finalSnr();
    out.printf(
        Locale.ROOT,
        "schedule  %s, T = %d, final SNR %.3g%n",
        config.schedule().name(),
        config.schedule().timesteps(),
        snr);
    // Langevin dynamics on a score may start anywhere.
    if (schedule.isVariancePreserving() && snr > SUSPICIOUS_SNR) {
      out.printf(
          Locale.ROOT,
          "warning: final SNR %.3g is above %s: x_T still shows the data, but sampling starts from"
              + " pure noise%n",
          snr,
          SUSPICIOUS_SNR);
    }
    if (loop.iteration() > 0) {
      out.printf(Locale.ROOT, "resumed   after iteration %d%n", loop.iteration());
    }
  }
}
