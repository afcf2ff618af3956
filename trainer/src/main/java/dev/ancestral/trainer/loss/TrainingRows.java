package dev.ancestral.trainer.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Noised samples that one pass of the network sees: on the host, handed out as arrays where a loss
 * asks for them. Rows follow one another in each of its arrays.
 *
 * @param manager owns the arrays that are handed out, until the pass is over
 * @param sample shape of one sample
 * @param timesteps t of each row
 * @param x0 the clean samples
 * @param noise ε
 * @param noisy x_t = α·x0 + σ·ε
 * @param target what the network's first head should output
 * @param draw more standard normal numbers for each row, a function of seed, iteration and purpose
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record TrainingRows(
    NDManager manager,
    Shape sample,
    int[] timesteps,
    float[] x0,
    float[] noise,
    float[] noisy,
    float[] target,
    Function<NoisePurpose, float[]> draw) {

  /** How many rows there are. */
  public int count() {
    return timesteps.length;
  }

  /** Host numbers of every row as f32 [rows, ...shape]. */
  NDArray array(float[] numbers) {
    return manager.create(numbers, new Shape(count()).addAll(sample));
  }

  /** The coefficient at each row's timestep, f32 [rows, 1, ...], to multiply rows with. */
  NDArray column(Table table) {
    float[] values = new float[count()];
    for (int row = 0; row < values.length; row++) {
      values[row] = table.at(timesteps[row]);
    }
    return column(values);
  }

  /** A number for each row, f32 [rows, 1, ...]. */
  NDArray column(float[] values) {
    long[] shape = new long[1 + sample.dimension()];
    Arrays.fill(shape, 1);
    shape[0] = values.length;
    return manager.create(values, new Shape(shape));
  }

  /** A factor of arrays that need a gradient; one that is a Java number is freed too early. */
  NDArray factor(double value) {
    return manager.create((float) value);
  }

  /** The mean of each row's numbers: [rows, ...shape] to [rows]. */
  NDArray mean(NDArray numbers) {
    return numbers.reshape(count(), -1).mean(new int[] {1});
  }

  /** The sum of each row's numbers: [rows, ...shape] to [rows]. */
  NDArray sum(NDArray numbers) {
    return numbers.reshape(count(), -1).sum(new int[] {1});
  }
}
