package dev.ancestral.exporter.proof;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.Step;
import dev.ancestral.diffusion.sampler.UniversalStep;
import dev.ancestral.exporter.onnx.Tensor;

/** Runs a whole chain with a model, all rows in step. Stateless. */
public final class ReverseChain {
  private ReverseChain() {}

  /**
   * From noise to samples.
   *
   * @param plan the steps
   * @param model predicts
   * @param inputs how the model is called
   * @param labels one a row; ignored by an unconditional network
   * @param seed of all noise
   * @return [row][element]
   */
  public static float[][] run(
      ChainPlan plan, Model model, NetworkInputs inputs, long[] labels, long seed) {
    float[][] x = noise(inputs, labels.length, seed, 0);
    for (float[] row : x) {
      for (int i = 0; i < row.length; i++) {
        row[i] *= (float) plan.initialScale();
      }
    }
    int elements = inputs.data().elements();
    float[][] estimates = new float[x.length][elements];
    float[] z = new float[elements];
    for (int i = 0; i < plan.length(); i++) {
      Step step = plan.steps().get(i);
      Tensor prediction = model.run(inputs.batch(x, step.timestep(), labels)).get(0);
      float[] m = Difference.floats(prediction);
      // A network that learned its variances answers them after its prediction, row by row.
      int width = m.length / x.length;
      for (int row = 0; row < x.length; row++) {
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
            estimates[row],
            z);
      }
    }
    return x;
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
