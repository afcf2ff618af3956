package dev.ancestral.exporter.proof;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Guidance;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Runs a whole chain with a model, all rows in step. Stateless. */
public final class ReverseChain {
  private ReverseChain() {}

  /**
   * From noise to samples.
   *
   * @param plan the steps
   * @param model predicts
   * @param inputs how the model is called
   * @param labels one a sample; ignored by an unconditional network
   * @param guidance of all samples, whose labels are not the null label; null if a prediction is
   *     its label's alone
   * @param seed of all noise
   * @return [sample][element]
   */
  public static float[][] run(
      ChainPlan plan,
      Model model,
      NetworkInputs inputs,
      long[] labels,
      @Nullable Guidance guidance,
      long seed) {
    int samples = labels.length;
    float[][] x = noise(inputs, samples, seed, 0);
    for (float[] row : x) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= (float) plan.initialScale();
      }
    }
    // Guided, the samples come a second time, with the null label.
    float[][] rows = guidance == null ? x : twice(x);
    long[] rowLabels = Arrays.copyOf(labels, rows.length);
    if (guidance != null) {
      Arrays.fill(rowLabels, samples, rows.length, guidance.nullLabel());
    }
    int elements = inputs.data().elements();
    float[][][] histories = new float[samples][plan.historyLength()][elements];
    float[] estimate = new float[elements];
    float[] z = new float[elements];
    for (int i = 0; i < plan.length(); i++) {
      Step step = plan.steps().get(i);
      Tensor prediction = model.run(inputs.batch(rows, step.timestep(), rowLabels)).get(0);
      float[] m = Difference.floats(prediction);
      // A network that learned its variances answers them after its prediction, row by row.
      int width = m.length / rows.length;
      for (int row = 0; row < samples; row++) {
        if (guidance != null) {
          guidance.apply(m, row * width, (samples + row) * width, elements);
        }
        if (step.isStochastic()) {
          GaussianNoise.fill(z, seed, NoisePurpose.STEP, row, i);
        }
        UniversalStep.apply(
            step,
            plan.clipping(),
            x[row],
            m,
            row * width,
            row * width + elements,
            histories[row],
            estimate,
            z);
      }
    }
    for (float[] row : x) {
      plan.finish(row);
    }
    return x;
  }

  private static float[][] twice(float[][] x) {
    float[][] rows = Arrays.copyOf(x, 2 * x.length);
    System.arraycopy(x, 0, rows, x.length, x.length);
    return rows;
  }

  /** Rows of standard normals, of which each depends on its own number and on {@code step}. */
  static float[][] noise(NetworkInputs inputs, int rows, long seed, int step) {
    float[][] noise = new float[rows][inputs.data().elements()];
    for (int row = 0; row < rows; row++) {
      GaussianNoise.fill(noise[row], seed, NoisePurpose.INITIAL, row, step);
    }
    return noise;
  }
}
