package dev.ancestral.trainer.loop;

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

  int rows() {
    return timesteps.length;
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
