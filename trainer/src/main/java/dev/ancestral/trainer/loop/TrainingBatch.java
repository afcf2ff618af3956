package dev.ancestral.trainer.loop;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.trainer.loss.TrainingRows;
import java.util.Arrays;

/**
 * One update's worth of noised samples, on the host. Rows follow one another in each array.
 *
 * @param timesteps t of each row
 * @param weights what each row's loss is to be multiplied with
 * @param labels of each row, the null label where it was dropped; empty for an unconditional
 *     network
 * @param x0 the samples
 * @param noise ε
 * @param noisy x_t
 * @param targets what the network should output
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
record TrainingBatch(
    int[] timesteps,
    float[] weights,
    long[] labels,
    float[] x0,
    float[] noise,
    float[] noisy,
    float[] targets) {

  /**
   * Noises samples.
   *
   * @param timesteps of each
   * @param weights of each
   */
  static TrainingBatch of(
      SampleBatch drawn, int[] timesteps, float[] weights, ForwardProcess forward) {
    int numbers = drawn.x0().length;
    TrainingBatch batch =
        new TrainingBatch(
            timesteps,
            weights,
            drawn.labels(),
            drawn.x0(),
            drawn.noise(),
            new float[numbers],
            new float[numbers]);
    int elements = numbers / timesteps.length;
    for (int row = 0; row < timesteps.length; row++) {
      forward.noisy(batch, row * elements, (row + 1) * elements, timesteps[row]);
      forward.target(batch, row * elements, (row + 1) * elements, timesteps[row]);
    }
    return batch;
  }

  /** Samples of which every number is zero, at the first timestep. */
  static TrainingBatch ofZeros(int rows, int elements, boolean labelled) {
    int numbers = Math.multiplyExact(rows, elements);
    return new TrainingBatch(
        new int[rows],
        new float[rows],
        new long[labelled ? rows : 0],
        new float[numbers],
        new float[numbers],
        new float[numbers],
        new float[numbers]);
  }

  int rows() {
    return timesteps.length;
  }

  /** What a network takes at this place, with the batch's timesteps and labels. */
  NDList inputs(NDManager manager, NDArray state) {
    float[] numbers = new float[rows()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] = timesteps[row];
    }
    NDList inputs = new NDList(state, manager.create(numbers));
    if (labels.length > 0) {
      inputs.add(manager.create(labels));
    }
    return inputs;
  }

  /**
   * The rows as a loss sees them.
   *
   * @param manager owns their arrays
   * @param sample shape of one
   * @param seed of what a loss draws
   * @param iteration from 1
   * @param first place of the first row in the whole update
   */
  TrainingRows rows(NDManager manager, Shape sample, long seed, int iteration, int first) {
    return new TrainingRows(
        manager,
        sample,
        timesteps,
        x0,
        noise,
        noisy,
        targets,
        purpose -> draw(seed, purpose, iteration, first));
  }

  private float[] draw(long seed, NoisePurpose purpose, int iteration, int first) {
    float[] numbers = new float[x0.length];
    int elements = numbers.length / rows();
    for (int row = 0; row < rows(); row++) {
      GaussianNoise.fill(numbers, row * elements, elements, seed, purpose, iteration, first + row);
    }
    return numbers;
  }

  /** Some of the rows. */
  TrainingBatch slice(int from, int to) {
    int elements = x0.length / rows();
    int start = from * elements;
    int end = to * elements;
    return new TrainingBatch(
        Arrays.copyOfRange(timesteps, from, to),
        Arrays.copyOfRange(weights, from, to),
        labels.length == 0 ? labels : Arrays.copyOfRange(labels, from, to),
        Arrays.copyOfRange(x0, start, end),
        Arrays.copyOfRange(noise, start, end),
        Arrays.copyOfRange(noisy, start, end),
        Arrays.copyOfRange(targets, start, end));
  }
}
