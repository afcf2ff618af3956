package dev.ancestral.diffusion.sampler;

/**
 * The one update that every sampler's table drives; see {@link Step} for the formula. Stateless,
 * allocates nothing.
 */
public final class UniversalStep {
  private UniversalStep() {}

  /**
   * Moves one sample by one step.
   *
   * @param step the row of the plan
   * @param clipping of the estimate of x0
   * @param x the state; becomes the next state
   * @param output the network's output: m, x's length from {@code outputOffset}, and, where {@link
   *     Step#usesVariance()}, v, x's length from {@code varianceOffset}
   * @param outputOffset where this sample's m starts
   * @param varianceOffset where this sample's v starts; without meaning where the step reads none
   * @param x0 holds the previous step's estimate of x0 where {@link Step#usesPrevious()}; becomes
   *     this step's clipped estimate
   * @param noise z; read only if {@link Step#isStochastic()}
   */
  public static void apply(
      Step step,
      Clipping clipping,
      float[] x,
      float[] output,
      int outputOffset,
      int varianceOffset,
      float[] x0,
      float[] noise) {
    float ax = (float) step.ax();
    float am = (float) step.am();
    float bx = (float) step.bx();
    float bm = (float) step.bm();
    if (step.usesPrevious()) {
      float bp = (float) step.bp();
      for (int i = 0; i < x.length; i++) {
        float m = output[outputOffset + i];
        float estimate = ax * x[i] + am * m;
        x[i] = bx * x[i] + bm * m + bp * x0[i];
        x0[i] = estimate;
      }
    } else {
      for (int i = 0; i < x.length; i++) {
        float m = output[outputOffset + i];
        x0[i] = ax * x[i] + am * m;
        x[i] = bx * x[i] + bm * m;
      }
    }
    clipping.apply(x0);
    if (step.b0() != 0) {
      addScaled(x, (float) step.b0(), x0);
    }
    if (step.usesVariance()) {
      addNoise(step, x, output, varianceOffset, noise);
    } else if (step.isStochastic()) {
      addScaled(x, (float) step.bz(), noise);
    }
  }

  private static void addScaled(float[] x, float factor, float[] term) {
    for (int i = 0; i < x.length; i++) {
      x[i] += factor * term[i];
    }
  }

  private static void addNoise(
      Step step, float[] x, float[] output, int varianceOffset, float[] noise) {
    double bz = step.bz();
    double bs = step.bs();
    for (int i = 0; i < x.length; i++) {
      // StrictMath, since the same request has to give the same bytes on every machine.
      x[i] += (float) (bz * StrictMath.exp(bs * output[varianceOffset + i])) * noise[i];
    }
  }
}
