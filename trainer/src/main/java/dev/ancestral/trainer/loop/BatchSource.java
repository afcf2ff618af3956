package dev.ancestral.trainer.loop;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.Dataset;

/**
 * Makes training batches as a pure function of (seed, iteration): which samples, how they are
 * changed, which timesteps, which noise, which labels are dropped.
 *
 * <p>x_t = √ᾱ_t·x0 + √(1-ᾱ_t)·ε with a timestep of its own for every sample (Ho et al. 2020,
 * algorithm 1). Epochs follow one another without a gap, so a batch may hold the end of one and the
 * start of the next; a data set smaller than a batch is met several times in it.
 */
final class BatchSource {
  private final Dataset data;
  private final Augmentation augmentation;
  private final NoiseSchedule schedule;
  private final PredictionType prediction;
  private final Labels labels;
  private final int batch;
  private final long seed;
  private final int elements;

  // The order of the epoch met last; remade whenever another one is asked for.
  private int epoch = -1;
  private int[] order = {};

  BatchSource(
      Dataset data,
      Augmentation augmentation,
      NoiseSchedule schedule,
      PredictionType prediction,
      Labels labels,
      int batch,
      long seed) {
    this.data = data;
    this.augmentation = augmentation;
    this.schedule = schedule;
    this.prediction = prediction;
    this.labels = labels;
    this.batch = batch;
    this.seed = seed;
    this.elements = data.description().spec().elements();
  }

  /**
   * The batch of one iteration.
   *
   * @param iteration from 1
   */
  TrainingBatch batch(int iteration) {
    float[] noisy = new float[batch * elements];
    float[] targets = new float[batch * elements];
    float[] timesteps = new float[batch];
    long[] chosen = new long[labels.conditional() ? batch : 0];
    float[] x0 = new float[elements];
    float[] noise = new float[elements];
    PhiloxRandom times = new PhiloxRandom(seed, NoisePurpose.TIMESTEPS, iteration, 0);
    PhiloxRandom drops = new PhiloxRandom(seed, NoisePurpose.LABEL_DROPOUT, iteration, 0);
    for (int row = 0; row < batch; row++) {
      int sample = sampleAt((long) (iteration - 1) * batch + row);
      data.sample(sample, x0);
      augmentation.apply(
          x0,
          data.description().spec(),
          new PhiloxRandom(seed, NoisePurpose.AUGMENTATION, iteration, row));
      GaussianNoise.fill(noise, seed, NoisePurpose.TRAINING_NOISE, iteration, row);
      int t = times.nextInt(schedule.timesteps());
      timesteps[row] = t;
      if (labels.conditional()) {
        chosen[row] = labels.choose(data.label(sample), drops);
      }
      mix(x0, schedule.alpha(t), noise, schedule.sigma(t), noisy, row * elements);
      Transition transition = schedule.transition(t);
      mix(
          x0,
          prediction.targetFromX0(transition),
          noise,
          prediction.targetFromNoise(transition),
          targets,
          row * elements);
    }
    return new TrainingBatch(noisy, timesteps, chosen, targets);
  }

  private static void mix(float[] x0, double a, float[] noise, double b, float[] out, int offset) {
    for (int i = 0; i < x0.length; i++) {
      out[offset + i] = (float) (a * x0[i] + b * noise[i]);
    }
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
