package dev.ancestral.trainer.run;

import ai.djl.ndarray.NDManager;
import dev.ancestral.cli.UserError;
import dev.ancestral.trainer.config.NetworkConfig;
import dev.ancestral.trainer.config.OutputConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.loop.DivergedException;
import dev.ancestral.trainer.loop.IterationReport;
import dev.ancestral.trainer.loop.TrainingLoop;
import dev.ancestral.trainer.loop.TrainingState;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.sample.Plans;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Trains into a run directory: from the start, or from the newest checkpoint on. Single use, on one
 * thread.
 *
 * <p>Constructing it checks that data, network and sampler fit one another, and writes nothing.
 */
public final class TrainingRun {
  private final RunDirectory directory;
  private final TrainingConfig config;
  private final Dataset data;
  private final DataFacts facts;

  /**
   * A run.
   *
   * @throws IllegalArgumentException if the configuration does not fit the data
   */
  public TrainingRun(RunDirectory directory, TrainingConfig config, Dataset data) {
    this.directory = directory;
    this.data = data;
    this.facts = new DataFacts(data.description(), data.size());
    Plans.of(config, data.description().spec());
    Network network = network(config, facts);
    this.config =
        config.withNetwork(new NetworkConfig(config.network().type(), network.settings()));
  }

  private static Network network(TrainingConfig config, DataFacts facts) {
    return Networks.of(config.network().type())
        .create(config.network().settings(), facts.task(config), config.training().seed());
  }

  /** The configuration with every setting spelled out. */
  public TrainingConfig config() {
    return config;
  }

  /**
   * Trains until the last iteration, or until asked to stop.
   *
   * @param resume whether to go on from a checkpoint; without one it starts, and with one but
   *     without this it is refused
   * @return updates done, over all sessions
   * @throws UserError if the directory holds a run that was not to be resumed, or the training
   *     diverged; the checkpoints are as they were
   */
  public int train(NDManager manager, boolean resume, StopSignal stop, TrainingListener listener)
      throws IOException {
    try (TrainingLoop loop =
            new TrainingLoop(
                manager, config, data, network(config, facts), facts.conditioning(config));
        SampleGrid grid = new SampleGrid(manager, config, facts, network(config, facts))) {
      Duration before = resume ? restore(loop, listener) : begin();
      directory.write(config, facts);
      listener.started(loop.iteration(), loop.parameters().size());
      Session session = new Session(loop, grid, before, System.nanoTime());
      try (MetricsFile.Appender metrics = directory.metrics().appendAfter(loop.iteration())) {
        session.run(metrics, stop, listener);
      } catch (DivergedException e) {
        throw new UserError(e.getMessage() + lastGood(), e);
      }
      return loop.iteration();
    } finally {
      stop.finished();
    }
  }

  private Duration begin() throws IOException {
    if (directory.exists()) {
      throw new UserError(
          "%s: holds a run already (expected: --resume to go on, or another --out)"
              .formatted(directory.path()));
    }
    return Duration.ZERO;
  }

  private Duration restore(TrainingLoop loop, TrainingListener listener) throws IOException {
    Optional<Checkpoint> found =
        directory.checkpoints().latest(loop.parameters().shapes(), listener::notice);
    if (found.isEmpty()) {
      listener.notice(directory.path() + ": no checkpoint yet, starting from the beginning");
      return Duration.ZERO;
    }
    loop.restore(found.get().state());
    return found.get().trainingTime();
  }

  private String lastGood() throws IOException {
    return directory.checkpoints().files().stream()
        .findFirst()
        .map(file -> "; the last good checkpoint is " + file)
        .orElse("; there is no checkpoint yet");
  }

  /** One process's share of a run. */
  private final class Session {
    private final TrainingLoop loop;
    private final SampleGrid grid;
    private final Duration before;
    private final long startedAt;
    private int savedAt;

    Session(TrainingLoop loop, SampleGrid grid, Duration before, long startedAt) {
      this.loop = loop;
      this.grid = grid;
      this.before = before;
      this.startedAt = startedAt;
      this.savedAt = loop.iteration();
    }

    void run(MetricsFile.Appender metrics, StopSignal stop, TrainingListener listener)
        throws IOException {
      OutputConfig output = config.output();
      int last = config.training().iterations();
      while (loop.iteration() < last && !stop.isRequested()) {
        IterationReport report = loop.iterate();
        metrics.add(report);
        listener.iterated(report);
        int iteration = report.iteration();
        boolean atEnd = iteration == last;
        boolean samples = atEnd || iteration % output.sampleEvery() == 0;
        if (atEnd || iteration % output.checkpointEvery() == 0) {
          save(metrics, loop.state());
        }
        if (samples) {
          metrics.flush();
          grid.write(directory.samplePicture(iteration), loop.averagedWeights());
          LossPicture.write(directory.lossPicture(), directory.metrics().read());
        }
      }
      if (loop.iteration() > savedAt) {
        save(metrics, loop.state());
      }
    }

    private void save(MetricsFile.Appender metrics, TrainingState state) throws IOException {
      metrics.flush();
      Duration spent = before.plusNanos(System.nanoTime() - startedAt);
      directory
          .checkpoints()
          .save(
              new Checkpoint(state, spent, Instant.now()),
              loop.parameters().shapes(),
              config.output().keep());
      savedAt = state.iteration();
    }
  }
}
