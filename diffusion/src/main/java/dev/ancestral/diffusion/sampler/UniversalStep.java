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
   * @param clip bounds of the estimate of x0
   * @param x the state; becomes the next state
   * @param output the network's output m, x's length from {@code outputOffset}
   * @param outputOffset where this sample's row starts
   * @param x0 receives the clipped estimate of x0
   * @param noise z; read only if {@link Step#isStochastic()}
   */
  public static void apply(
      Step step,
      ClipRange clip,
      float[] x,
      float[] output,
      int outputOffset,
      float[] x0,
      float[] noise) {
    float ax = (float) step.ax();
    float am = (float) step.am();
    float b0 = (float) step.b0();
    float bx = (float) step.bx();
    float bm = (float) step.bm();
    float min = (float) clip.min();
    float max = (float) clip.max();
    for (int i = 0; i < x.length; i++) {
      float m = output[outputOffset + i];
      float estimate = Math.min(Math.max(ax * x[i] + am * m, min), max);
      x0[i] = estimate;
      x[i] = b0 * estimate + bx * x[i] + bm * m;
    }
    if (step.isStochastic()) {
      float bz = (float) step.bz();
      for (int i = 0; i < x.length; i++) {
        x[i] += bz * noise[i];
      }
    }
  }
}
