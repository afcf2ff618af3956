package dev.ancestral.trainer.loop;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * Minimises L_simple (Ho et al. 2020, eq. 14): each {@link #iterate} is one update of the weights
 * and of their average.
 *
 * <p>Owns its arrays, which live in a manager below the one given; {@link #close} frees them. Every
 * array of an iteration is freed at its end. The engine collects gradients for one loop in a
 * process at a time. Not thread-safe.
 */
public final class TrainingLoop implements AutoCloseable {
  private final TrainingConfig config;
  private final NDManager manager;
  private final Block block;
  private final ParameterStore store;
  private final FlatParameters parameters;
  private final AdamW optimizer;
  private final NDArray ema;
  private final BatchSource batches;
  private final Shape shape;
  private int iteration;

  /**
   * A loop before its first iteration.
   *
   * @param parent the manager that the loop's own is made from
   * @param network without arrays yet; the loop gives it its initial weights
   * @param conditioning the classes; null for an unconditional network
   */
  public TrainingLoop(
      NDManager parent,
      TrainingConfig config,
      Dataset data,
      Network network,
      @Nullable Conditioning conditioning) {
    this.config = config;
    this.manager = parent.newSubManager();
    this.block = network.block();
    this.store = new ParameterStore(manager, false);
    this.parameters = FlatParameters.initialize(manager, block);
    this.optimizer = new AdamW(manager, config.training(), parameters.values());
    this.ema = parameters.values().duplicate();
    int batch = config.training().batch();
    this.batches =
        new BatchSource(
            data,
            config.data().augmentation(),
            config.schedule().create(),
            config.prediction(),
            new Labels(conditioning, config.training().labelDropout()),
            batch,
            config.training().seed());
    this.shape = new Shape(batch).addAll(new Shape(data.description().spec().dimensions()));
  }

  /** Updates done. */
  public int iteration() {
    return iteration;
  }

  /** The weights, for their names and shapes. */
  public FlatParameters parameters() {
    return parameters;
  }

  /**
   * Does one update.
   *
   * @throws DivergedException if the loss or the gradient is not finite; nothing is updated then
   */
  public IterationReport iterate() {
    int next = iteration + 1;
    TrainingBatch batch = batches.batch(next);
    try (NDManager scratch = manager.newSubManager()) {
      double loss = backward(scratch, batch, next);
      NDArray gradient = parameters.gradients(scratch);
      parameters.clearGradients();
      double norm = Math.sqrt(gradient.square().sum().getFloat());
      if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
        throw new DivergedException(next, loss, norm);
      }
      Double limit = config.training().clipNorm();
      if (limit != null && norm > limit) {
        gradient.muli(limit / norm);
      }
      optimizer.update(gradient, next);
      double decay = config.ema().decayAt(next);
      NDArray difference = parameters.values().sub(ema);
      difference.attach(scratch);
      ema.addi(difference.muli(1 - decay));
      iteration = next;
      return new IterationReport(next, loss, norm, config.training().learningRateAt(next));
    }
  }

  private double backward(NDManager scratch, TrainingBatch batch, int next) {
    Engine engine = manager.getEngine();
    // No call saves the engine's random state, so each iteration starts it anew.
    engine.setRandomSeed(
        new PhiloxRandom(config.training().seed(), NoisePurpose.DROPOUT, next, 0).nextInt());
    NDList inputs =
        new NDList(scratch.create(batch.noisy(), shape), scratch.create(batch.timesteps()));
    if (batch.labels().length > 0) {
      inputs.add(scratch.create(batch.labels()));
    }
    NDArray target = scratch.create(batch.targets(), shape);
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray output = block.forward(store, inputs, true).singletonOrThrow();
      NDArray loss = output.sub(target).square().mean();
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  /** A copy of everything the next iteration depends on. */
  public TrainingState state() {
    return new TrainingState(
        iteration,
        parameters.values().toFloatArray(),
        ema.toFloatArray(),
        optimizer.mean().toFloatArray(),
        optimizer.square().toFloatArray());
  }

  /** A copy of the moving average of the weights. */
  public float[] averagedWeights() {
    return ema.toFloatArray();
  }

  /** Goes on from a state of a run of the same configuration. */
  public void restore(TrainingState state) {
    parameters.set(state.weights());
    FlatParameters.copy(state.ema(), ema);
    FlatParameters.copy(state.mean(), optimizer.mean());
    FlatParameters.copy(state.square(), optimizer.square());
    iteration = state.iteration();
  }

  @Override
  public void close() {
    manager.close();
  }
}
