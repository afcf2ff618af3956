package dev.ancestral.trainer.loop;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.Dataset;

/**
 * Makes training batches as a pure function of (seed, iteration) and of what the choice of
 * timesteps has learned: which samples, how they are changed, which timesteps, which noise, which
 * labels are dropped.
 *
 * <p>x_t = √ᾱ_t·x0 + √(1-ᾱ_t)·ε with a timestep of its own for every sample (Ho et al. 2020,
 * algorithm 1). Epochs follow one another without a gap, so a batch may hold the end of one and the
 * start of the next; a data set smaller than a batch is met several times in it.
 */
final class BatchSource {
  private final Dataset data;
  private final Augmentation augmentation;
  private final ForwardProcess forward;
  private final TimestepSource timesteps;
  private final Labels labels;
  private final int rows;
  private final long seed;
  private final int elements;

  // The order of the epoch met last; remade whenever another one is asked for.
  private int epoch = -1;
  private int[] order = {};

  /**
   * A source.
   *
   * @param rows samples of one batch
   */
  BatchSource(
      Dataset data,
      Augmentation augmentation,
      ForwardProcess forward,
      TimestepSource timesteps,
      Labels labels,
      int rows,
      long seed) {
    this.data = data;
    this.augmentation = augmentation;
    this.forward = forward;
    this.timesteps = timesteps;
    this.labels = labels;
    this.rows = rows;
    this.seed = seed;
    this.elements = data.description().spec().elements();
  }

  /**
   * The batch of one iteration.
   *
   * @param iteration from 1
   */
  TrainingBatch batch(int iteration) {
    TrainingBatch batch =
        new TrainingBatch(
            new int[rows],
            new float[rows],
            new long[labels.conditional() ? rows : 0],
            new float[rows * elements],
            new float[rows * elements],
            new float[rows * elements],
            new float[rows * elements]);
    timesteps.draw(
        new PhiloxRandom(seed, NoisePurpose.TIMESTEPS, iteration, 0),
        batch.timesteps(),
        batch.weights());
    PhiloxRandom drops = new PhiloxRandom(seed, NoisePurpose.LABEL_DROPOUT, iteration, 0);
    float[] x0 = new float[elements];
    float[] noise = new float[elements];
    for (int row = 0; row < rows; row++) {
      int sample = sampleAt((long) (iteration - 1) * rows + row);
      PhiloxRandom changes = new PhiloxRandom(seed, NoisePurpose.AUGMENTATION, iteration, row);
      data.sample(sample, changes, x0);
      augmentation.apply(x0, data.description().spec(), changes);
      forward.noise(noise, seed, iteration, row);
      if (labels.conditional()) {
        batch.labels()[row] = labels.choose(data.label(sample), drops);
      }
      int t = batch.timesteps()[row];
      int offset = row * elements;
      System.arraycopy(x0, 0, batch.x0(), offset, elements);
      System.arraycopy(noise, 0, batch.noise(), offset, elements);
      forward.noisy(t, x0, noise, batch.noisy(), offset);
      forward.target(t, x0, noise, batch.targets(), offset);
    }
    return batch;
  }

  /** The sample at a place in the endless row of shuffled epochs. */
  private int sampleAt(long position) {
    int wanted = Math.toIntExact(position / data.size());
    if (wanted != epoch) {
      order = new PhiloxRandom(seed, NoisePurpose.SHUFFLE, wanted, 0).permutation(data.size());
      epoch = wanted;
    }
    return order[(int) (position % data.size())];
  }
}
