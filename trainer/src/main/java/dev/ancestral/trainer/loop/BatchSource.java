package dev.ancestral.trainer.loop;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;

/**
 * Makes training batches as a pure function of (seed, iteration) and of what the choice of
 * timesteps has learned. Samples and noise are ready before they are needed; the timesteps, which
 * may follow from the losses of the iteration before, are drawn when a batch is asked for.
 *
 * <p>x_t = √ᾱ_t·x0 + √(1-ᾱ_t)·ε with a timestep of its own for every sample (Ho et al. 2020,
 * algorithm 1). One thread asks and closes.
 */
final class BatchSource implements AutoCloseable {
  private final Ahead<SampleBatch> samples;
  private final ForwardProcess forward;
  private final TimestepSource timesteps;
  private final int rows;
  private final long seed;

  /**
   * A source.
   *
   * @param threads that make samples and noise
   */
  BatchSource(
      SampleSource samples,
      ForwardProcess forward,
      TimestepSource timesteps,
      long seed,
      int threads) {
    this.samples = new Ahead<>(samples::batch, threads);
    this.forward = forward;
    this.timesteps = timesteps;
    this.rows = samples.rows();
    this.seed = seed;
  }

  /**
   * The batch of one iteration.
   *
   * @param iteration from 1
   */
  TrainingBatch batch(int iteration) {
    SampleBatch drawn = samples.take(iteration);
    int numbers = drawn.x0().length;
    TrainingBatch batch =
        new TrainingBatch(
            new int[rows],
            new float[rows],
            drawn.labels(),
            drawn.x0(),
            drawn.noise(),
            new float[numbers],
            new float[numbers]);
    timesteps.draw(
        new PhiloxRandom(seed, NoisePurpose.TIMESTEPS, iteration, 0),
        batch.timesteps(),
        batch.weights());
    int elements = numbers / rows;
    for (int row = 0; row < rows; row++) {
      forward.noisy(batch, row * elements, (row + 1) * elements, batch.timesteps()[row]);
      forward.target(batch, row * elements, (row + 1) * elements, batch.timesteps()[row]);
    }
    return batch;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    samples.close();
  }
}
