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
  /** Where a batch is made in no time, a thread that has to wait for a core must not be missed. */
  private static final int MOST_AHEAD = 16;

  private static final long BYTES_AHEAD = 64L << 20;

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
    this.samples = new Ahead<>(samples::batch, threads, ahead(threads, samples.bytes()));
    this.forward = forward;
    this.timesteps = timesteps;
    this.rows = samples.rows();
    this.seed = seed;
  }

  /**
   * How many updates' samples and noise are made besides those that are asked for.
   *
   * @param bytes of one
   */
  static int ahead(int threads, long bytes) {
    // One that is ready, at least, besides those being made.
    return (int) Math.max(threads + 1, Math.min(MOST_AHEAD, BYTES_AHEAD / bytes));
  }

  /**
   * The batch of one iteration.
   *
   * @param iteration from 1
   */
  TrainingBatch batch(int iteration) {
    SampleBatch drawn = samples.take(iteration);
    int[] drawnTimesteps = new int[rows];
    float[] weights = new float[rows];
    timesteps.draw(
        new PhiloxRandom(seed, NoisePurpose.TIMESTEPS, iteration, 0), drawnTimesteps, weights);
    return TrainingBatch.of(drawn, drawnTimesteps, weights, forward);
  }

  /** Ends the threads. */
  @Override
  public void close() {
    samples.close();
  }
}
