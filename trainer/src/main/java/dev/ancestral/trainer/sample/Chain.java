package dev.ancestral.trainer.sample;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs a reverse chain with DJL, all samples as one batch. Stateless. */
public final class Chain {
  /** What the chain asks. */
  @FunctionalInterface
  public interface Predictor {
    /**
     * Predicts.
     *
     * @param inputs as {@link dev.ancestral.trainer.network.Network} has them
     */
    NDArray predict(NDList inputs);
  }

  /** Sees the chain on its way. */
  @FunctionalInterface
  public interface Watcher {
    /** No interest in it. */
    Watcher NONE = (done, states) -> {};

    /**
     * Is called for x_T and after each step.
     *
     * @param done steps done, 0..N
     * @param states of all samples; they change after this returns
     */
    void see(int done, float[][] states);
  }

  /**
   * Which samples to draw.
   *
   * @param labels of each
   * @param guidance of all, whose labels are not the null label; null if a prediction is its
   *     label's alone
   * @param seed of the noise, as a request's
   * @param first index of the first one in that noise, at least 0
   */
  @SuppressWarnings("ArrayRecordComponent") // Read here alone, never compared.
  public record Wanted(long[] labels, @Nullable Guidance guidance, long seed, int first) {
    /** From the first one on. */
    public Wanted(long[] labels, @Nullable Guidance guidance, long seed) {
      this(labels, guidance, seed, 0);
    }
  }

  private Chain() {}

  /**
   * Draws one sample for each label.
   *
   * @param manager that the network's arrays live in; nothing is left in it
   * @param conditional whether the network takes labels; if not, only their number counts
   * @param wanted the samples
   * @param mostRows of one call of the network, at least 1: what memory grows with
   * @param watcher is shown every state
   * @return the samples in order, each of the data's shape
   */
  public static float[][] run(
      NDManager manager,
      Predictor network,
      ChainPlan plan,
      DataSpec spec,
      boolean conditional,
      Wanted wanted,
      int mostRows,
      Watcher watcher) {
    int count = wanted.labels().length;
    Guidance guidance = wanted.guidance();
    int elements = spec.elements();
    float[][] states = new float[count][elements];
    for (int i = 0; i < count; i++) {
      GaussianNoise.fill(states[i], wanted.seed(), NoisePurpose.INITIAL, wanted.first() + i, 0);
      for (int k = 0; k < elements; k++) {
        states[i][k] *= (float) plan.initialScale();
      }
    }
    // Guided, the samples come a second time, with the null label.
    int rows = guidance == null ? count : 2 * count;
    long[] rowLabels = Arrays.copyOf(wanted.labels(), rows);
    if (guidance != null) {
      Arrays.fill(rowLabels, count, rows, guidance.nullLabel());
    }
    Shape sample = new Shape(spec.dimensions());
    float[] flat = new float[rows * elements];
    float[] timesteps = new float[rows];
    float[][][] histories = new float[count][plan.historyLength()][elements];
    float[] estimate = new float[elements];
    float[] noise = new float[elements];
    watcher.see(0, states);
    for (int n = 0; n < plan.length(); n++) {
      Step step = plan.steps().get(n);
      for (int i = 0; i < rows; i++) {
        System.arraycopy(states[i % count], 0, flat, i * elements, elements);
      }
      Arrays.fill(timesteps, (float) step.timestep());
      float[] output = {};
      for (int from = 0; from < rows; from += mostRows) {
        int to = Math.min(rows, from + mostRows);
        float[] part;
        try (NDManager scratch = manager.newSubManager()) {
          NDList inputs =
              new NDList(
                  scratch.create(
                      Arrays.copyOfRange(flat, from * elements, to * elements),
                      new Shape(to - from).addAll(sample)),
                  scratch.create(Arrays.copyOfRange(timesteps, from, to)));
          if (conditional) {
            inputs.add(scratch.create(Arrays.copyOfRange(rowLabels, from, to)));
          }
          part = network.predict(inputs).toFloatArray();
        }
        int width = part.length / (to - from);
        if (from == 0) {
          output = new float[rows * width];
        }
        System.arraycopy(part, 0, output, from * width, part.length);
      }
      // A network that learned its variances answers them after its prediction, row by row.
      int width = output.length / rows;
      for (int i = 0; i < count; i++) {
        if (guidance != null) {
          guidance.apply(output, i * width, (count + i) * width, elements);
        }
        if (step.isStochastic()) {
          GaussianNoise.fill(noise, wanted.seed(), NoisePurpose.STEP, wanted.first() + i, n);
        }
        UniversalStep.apply(
            step,
            plan.clipping(),
            states[i],
            output,
            i * width,
            i * width + elements,
            histories[i],
            estimate,
            noise);
        if (n == plan.length() - 1) {
          plan.finish(states[i]);
        }
      }
      watcher.see(n + 1, states);
    }
    return states;
  }
}
