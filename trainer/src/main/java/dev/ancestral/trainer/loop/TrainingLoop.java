package dev.ancestral.trainer.loop;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.config.RunLength;
import dev.ancestral.trainer.config.TrainingConfig;
import dev.ancestral.trainer.data.Dataset;
import dev.ancestral.trainer.loss.Loss;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.Network;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import org.jspecify.annotations.Nullable;

/**
 * Minimises a {@link Loss}: each {@link #iterate} is one update of the weights and of their
 * average, from the gradients of one or several passes of the network.
 *
 * <p>Owns its arrays, which live in a manager below the one given, and the threads that prepare its
 * batches; {@link #close} frees both. Every array of an iteration is freed at its end. The engine
 * collects gradients for one loop in a process at a time. Not thread-safe.
 */
public final class TrainingLoop implements AutoCloseable {
  private final TrainingConfig config;
  private final NDManager manager;
  private final FlatParameters parameters;
  private final ScriptedNetwork network;
  private final AdamW optimizer;
  private final Averages averages;
  private final @Nullable Frozen frozen;
  private final TimestepSource timesteps;
  private final BatchSource batches;
  private final Loss loss;
  private final Shape sample;
  private final boolean isConditional;
  private final int timestepCount;
  private final @Nullable Integer length;
  private int iteration;
  private Guard guard = Guard.START;

  /**
   * A loop before its first iteration.
   *
   * @param parent the manager that the loop's own is made from
   * @param network without arrays yet; the loop gives it its initial weights
   * @param loss what is minimised; if it needs tangents, the network has to have them
   * @param conditioning the classes; null for an unconditional network
   */
  public TrainingLoop(
      NDManager parent,
      TrainingConfig config,
      Dataset data,
      Network network,
      Loss loss,
      @Nullable Conditioning conditioning) {
    this.config = config;
    this.manager = parent.newSubManager();
    this.parameters = FlatParameters.initialize(manager, network.block());
    this.network = new ScriptedNetwork(manager, network.block(), parameters);
    this.optimizer = new AdamW(manager, config.training(), parameters.values());
    this.frozen =
        config.training().freeze().patterns().isEmpty()
            ? null
            : Frozen.of(manager, config.training().freeze(), parameters.shapes());
    this.averages = new Averages(config.ema().averages(), parameters.values());
    this.loss = loss;
    this.isConditional = conditioning != null;
    DataSpec spec = data.description().spec();
    this.sample = new Shape(spec.dimensions());
    this.timestepCount = config.schedule().timesteps();
    this.length = RunLength.of(config.training(), data.size()).iterations();
    this.timesteps = TimestepSource.of(config.loss().timesteps(), timestepCount);
    ForwardProcess forward = ForwardProcess.of(config, Math.toIntExact(sample.get(0)));
    long seed = config.training().seed();
    this.batches =
        new BatchSource(
            new SampleSource(
                data,
                config.data().augmentation(),
                forward,
                new Labels(conditioning, config.training().labelDropout()),
                config.training().samplesPerUpdate(),
                seed),
            forward,
            timesteps,
            seed,
            config.data().workers());
  }

  /**
   * How much of the heap the batches take that are made before they are needed.
   *
   * @param elements of a sample
   */
  public static long bytesAhead(TrainingConfig config, long elements) {
    long bytes = SampleSource.bytes(config.training().samplesPerUpdate(), elements);
    return bytes * (1 + BatchSource.ahead(config.data().workers(), bytes));
  }

  /** Iterations done, those included whose batch was skipped. */
  public int iteration() {
    return iteration;
  }

  /** What is remembered of batches that were skipped. */
  public Guard guard() {
    return guard;
  }

  /** The weights, for their names and shapes. */
  public FlatParameters parameters() {
    return parameters;
  }

  /**
   * Does one update. A batch whose loss or gradient is not finite is skipped: it changes nothing
   * but the number of iterations and the {@link #guard()}.
   */
  public IterationReport iterate() {
    int next = iteration + 1;
    long startedAt = System.nanoTime();
    TrainingBatch batch = batches.batch(next);
    long waited = System.nanoTime() - startedAt;
    float[] losses = new float[batch.rows()];
    double rate = config.training().rate().at(next, length);
    try (NDManager scratch = manager.newSubManager()) {
      NDArray weights = network.weights(scratch);
      for (int pass = 0; pass < config.training().accumulate(); pass++) {
        backward(batch, weights, next, pass, losses);
      }
      double loss = mean(losses, batch.weights());
      NDArray gradient = weights.getGradient();
      if (frozen != null) {
        frozen.maskGradient(gradient);
      }
      double norm = Math.sqrt(gradient.square().sum().getFloat());
      if (Double.isFinite(loss) && Double.isFinite(norm)) {
        Double limit = config.training().clipNorm();
        if (limit != null && norm > limit) {
          gradient.muli(limit / norm);
        }
        timesteps.observe(batch.timesteps(), losses);
        update(gradient, next, rate, scratch);
        averages.update(parameters.values(), next, scratch);
        guard = guard.updated();
      } else {
        guard = guard.skipped();
      }
      iteration = next;
      return new IterationReport(
          next,
          loss,
          LossByQuarter.of(batch.timesteps(), losses, timestepCount),
          norm,
          rate,
          (double) waited / Math.max(waited, System.nanoTime() - startedAt),
          Double.NaN);
    }
  }

  private void update(NDArray gradient, int next, double rate, NDManager scratch) {
    if (frozen == null) {
      optimizer.update(gradient, next, rate);
    } else {
      NDArray kept = frozen.keep(parameters.values(), scratch);
      optimizer.update(gradient, next, rate);
      frozen.putBack(parameters.values(), kept);
    }
  }

  /**
   * Does the passes of an update whose samples are all zero, and leaves everything as it was.
   *
   * @return the seconds that one of them took
   */
  public double rehearse() {
    TrainingBatch nothing =
        TrainingBatch.ofZeros(
            config.training().batch(), Math.toIntExact(sample.size()), isConditional);
    long start = System.nanoTime();
    try (NDManager scratch = manager.newSubManager()) {
      backward(nothing, network.weights(scratch), iteration + 1, 0, new float[nothing.rows()]);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** The gradients of some rows are added to those that are there; the rows' losses are written. */
  private void backward(TrainingBatch whole, NDArray weights, int next, int pass, float[] losses) {
    int rows = config.training().batch();
    int from = pass * rows;
    TrainingBatch batch = whole.slice(from, from + rows);
    Engine engine = manager.getEngine();
    // No call saves the engine's random state, so each pass starts it anew.
    engine.setRandomSeed(
        new PhiloxRandom(config.training().seed(), NoisePurpose.DROPOUT, next, pass).nextInt());
    try (NDManager scratch = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      TrainingPass ofNetwork = new TrainingPass(network, weights, scratch, batch);
      NDArray ofRows =
          loss.rows()
              .of(batch.rows(scratch, sample, config.training().seed(), next, from), ofNetwork);
      NDArray share = scratch.create(shares(batch.weights(), losses.length));
      collector.backward(ofRows.mul(share).sum());
      System.arraycopy(ofRows.toFloatArray(), 0, losses, from, rows);
    }
  }

  /** What each row contributes to the mean over all rows of an update. */
  private static float[] shares(float[] weights, int rows) {
    float[] shares = new float[weights.length];
    for (int row = 0; row < shares.length; row++) {
      shares[row] = weights[row] / rows;
    }
    return shares;
  }

  private static double mean(float[] losses, float[] weights) {
    double sum = 0;
    for (int row = 0; row < losses.length; row++) {
      sum += (double) losses[row] * weights[row];
    }
    return sum / losses.length;
  }

  /** A copy of everything the next iteration depends on. */
  public TrainingState state() {
    return new TrainingState(
        iteration,
        parameters.values().toFloatArray(),
        averages.state(),
        optimizer.mean().toFloatArray(),
        optimizer.square().toFloatArray(),
        timesteps.history(),
        guard);
  }

  /**
   * Says that a regular checkpoint of this iteration is about to be written.
   *
   * @param heldOutLoss of its averaged weights; null if it was not measured
   */
  public void atCheckpoint(@Nullable Double heldOutLoss) {
    guard = guard.atCheckpoint(iteration, heldOutLoss);
  }

  /**
   * Goes on from a state of a run of the same configuration.
   *
   * @throws IllegalArgumentException if its history is not one of this choice of timesteps
   */
  public void restore(TrainingState state) {
    restoreWeights(state);
    iteration = state.iteration();
    guard = state.guard();
  }

  /**
   * Begins anew with other weights than those of the seed.
   *
   * @param weights in the network's order
   */
  public void startFrom(float[] weights) {
    TrainingState now = state();
    restore(
        new TrainingState(
            0,
            weights,
            now.averages().stream().map(average -> weights).toList(),
            new float[weights.length],
            new float[weights.length],
            now.history(),
            Guard.START));
  }

  /**
   * Takes weights, averages, moments and history of a state that was good, and goes on with the
   * next iteration from here: its batches are not those that led astray.
   */
  public void goBackTo(TrainingState good) {
    restoreWeights(good);
    guard = guard.restored();
  }

  private void restoreWeights(TrainingState state) {
    timesteps.restore(state.history());
    parameters.set(state.weights());
    averages.restore(state.averages());
    FlatParameters.copy(state.mean(), optimizer.mean());
    FlatParameters.copy(state.square(), optimizer.square());
  }

  @Override
  public void close() {
    batches.close();
    manager.close();
  }
}
