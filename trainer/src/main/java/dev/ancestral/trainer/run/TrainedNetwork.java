package dev.ancestral.trainer.run;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.cli.UserError;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.config.SamplingConfig;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.DataDescription;
import dev.ancestral.trainer.data.Standardization;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.Torch;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The network of a run with its trained weights, and everything that is known about it: what an
 * exporter needs.
 *
 * <p>Owns its arrays; {@link #close} frees them. Not thread-safe.
 */
public final class TrainedNetwork implements AutoCloseable {

  private final NDManager manager;
  private final Network network;
  private final ScriptedNetwork scripted;
  private final Bundle facts;
  private final ChainPlan plan;

  private TrainedNetwork(
      NDManager manager, Network network, ScriptedNetwork scripted, Bundle facts, ChainPlan plan) {
    this.manager = manager;
    this.network = network;
    this.scripted = scripted;
    this.facts = facts;
    this.plan = plan;
  }

  /**
   * Loads weights of the newest whole checkpoint of a run.
   *
   * @param weights the average that every run has, or the last ones
   * @param warn is told of damaged checkpoints that were passed over
   * @throws UserError if there is no run, or it has no checkpoint
   */
  public static TrainedNetwork load(Path run, WeightsKind weights, Consumer<String> warn)
      throws IOException {
    return load(run, Selection.of(weights), warn);
  }

  /**
   * Loads weights of a run. The data that it was trained on need not be there.
   *
   * @param selection which weights
   * @param warn is told of damaged checkpoints that were passed over
   * @throws UserError if there is no run, or it has no such checkpoint or average
   */
  public static TrainedNetwork load(Path run, Selection selection, Consumer<String> warn)
      throws IOException {
    RunDirectory directory = RunDirectory.open(run);
    Task task = Task.of(directory.config(), directory.data());
    Network network = task.network();
    NDManager manager = Torch.newManager();
    try {
      FlatParameters parameters = FlatParameters.initialize(manager, network.block());
      SelectedWeights selected =
          SelectedWeights.of(directory, task.config(), selection, parameters.shapes(), warn);
      Checkpoint checkpoint = selected.checkpoint();
      parameters.set(selected.flat());
      return new TrainedNetwork(
          manager,
          network,
          new ScriptedNetwork(manager, network.block(), parameters),
          facts(
              task,
              network,
              provenance(directory, task, selection.weights(), checkpoint, parameters.size())),
          task.plan());
    } catch (IOException | RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private static Bundle facts(Task task, Network network, Map<String, String> provenance) {
    TrainingConfig config = task.config();
    SamplingConfig sampling = config.sampling();
    return new Bundle(
        new SchedulerConfig(
            config.schedule().name(),
            config.schedule().create(),
            config.prediction(),
            sampling.variance(),
            sampling.clip(),
            sampling.spacing()),
        task.spec(),
        network.continuousTimesteps(),
        task.conditioning(),
        task.recommended(),
        provenance,
        List.of());
  }

  private static Map<String, String> provenance(
      RunDirectory directory,
      Task task,
      Selection.Weights weights,
      Checkpoint checkpoint,
      long parameters)
      throws IOException {
    TrainingConfig config = task.config();
    int iteration = checkpoint.state().iteration();
    Map<String, String> words = new LinkedHashMap<>();
    words.put("data", config.data().source());
    words.put("samples", Integer.toString(task.data().samples()));
    Augmentation augmentation = config.data().augmentation();
    if (!augmentation.equals(Augmentation.NONE)) {
      words.put("augmentation", augmentation.inWords());
    }
    Standardization standardization = task.data().description().standardization();
    if (standardization != null) {
      words.put("standardized", standardization.wayBack());
    }
    String initialisedFrom = directory.init().source();
    if (initialisedFrom != null) {
      words.put("initialised_from", initialisedFrom);
    }
    words.put("network", config.network().type());
    words.put("parameters", Long.toString(parameters));
    words.put("weights", weights.label());
    words.put("iterations", Integer.toString(iteration));
    words.put("batch", Integer.toString(config.training().samplesPerUpdate()));
    words.put("learning_rate", Double.toString(config.training().rate().learningRate()));
    words.put("seed", Long.toString(config.training().seed()));
    words.put("training_seconds", Long.toString(checkpoint.trainingTime().toSeconds()));
    words.put("trained_at", checkpoint.createdAt().toString());
    words.put(
        "versions",
        "%s %s, DJL %s, Java %s"
            .formatted(
                Torch.ENGINE,
                Engine.getEngine(Torch.ENGINE).getVersion(),
                Engine.getDjlVersion(),
                Runtime.version()));
    List<Double> measured = Metrics.read(directory.metrics(), Metrics.Column.LOSS);
    List<Double> losses = measured.subList(0, Math.min(iteration, measured.size()));
    int last = Math.min(losses.size(), 100);
    words.put(
        "final_loss",
        String.format(
            Locale.ROOT,
            "%.5f (mean of the last %d iterations)",
            Metrics.recent(losses, last),
            last));
    return words;
  }

  /**
   * What it predicts.
   *
   * @param inputs as {@link Network} has them; the first one's manager owns the prediction
   */
  public NDArray predict(NDList inputs) {
    return scripted.predict(inputs);
  }

  /** The network as operations that can be traced; its inputs are those of {@link Network}. */
  public Block block() {
    return network.block();
  }

  /** The manager of its arrays, open until {@link #close}. */
  public NDManager manager() {
    return manager;
  }

  /** Its configuration in the words of {@code unet/config.json}. */
  public Map<String, Object> networkConfig() {
    return network.config();
  }

  /** Schedule, data, classes, recommendation and provenance; no proof yet. */
  public Bundle facts() {
    return facts;
  }

  /**
   * Checks that data are of the kind that it was trained on.
   *
   * @throws UserError naming both kinds if they are not
   */
  public void requireKind(DataDescription data) {
    DataSpec trained = facts.data();
    DataSpec given = data.spec();
    boolean same =
        trained.shape().equals(given.shape())
            && trained.levels() == given.levels()
            && (given.levels() == 0
                || (trained.min() == given.min() && trained.max() == given.max()));
    if (!same) {
      throw new UserError(
          "%s: shape %s, %d levels in [%s, %s] (expected: shape %s, %d levels in [%s, %s], as the run has)"
              .formatted(
                  data.source(),
                  given.shape(),
                  given.levels(),
                  given.min(),
                  given.max(),
                  trained.shape(),
                  trained.levels(),
                  trained.min(),
                  trained.max()));
    }
  }

  /** The chain that the run's own pictures are drawn with. */
  public ChainPlan plan() {
    return plan;
  }

  @Override
  public void close() {
    manager.close();
  }
}
