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
   * @param history {@link ChainPlan#historyLength()} arrays of x's length, what the steps before
   *     left, the newest first; the oldest one takes what this step leaves and becomes the first.
   *     None where the plan keeps no history
   * @param x0 becomes this step's clipped estimate
   * @param noise z; read only if {@link Step#isStochastic()}
   */
  public static void apply(
      Step step,
      Clipping clipping,
      float[] x,
      float[] output,
      int outputOffset,
      int varianceOffset,
      float[][] history,
      float[] x0,
      float[] noise) {
    if (history.length == 0) {
      advance(step, x, output, outputOffset, x0);
    } else {
      advance(step, x, output, outputOffset, history, x0);
    }
    clipping.apply(x0);
    if (history.length > 0) {
      leave((float) step.leaves().x0(), x0, history);
    }
    if (step.b0() != 0) {
      addScaled(x, (float) step.b0(), x0);
    }
    if (step.usesVariance()) {
      addNoise(step, x, output, varianceOffset, noise);
    } else if (step.isStochastic()) {
      addScaled(x, (float) step.bz(), noise);
    }
  }

  /** The estimate, and what x and m give of the next state. */
  private static void advance(Step step, float[] x, float[] output, int outputOffset, float[] x0) {
    float ax = (float) step.ax();
    float am = (float) step.am();
    float bx = (float) step.bx();
    float bm = (float) step.bm();
    for (int i = 0; i < x.length; i++) {
      float m = output[outputOffset + i];
      x0[i] = ax * x[i] + am * m;
      x[i] = bx * x[i] + bm * m;
    }
  }

  /** As above, and what the history gives of it, and x and m of what the step leaves there. */
  private static void advance(
      Step step, float[] x, float[] output, int outputOffset, float[][] history, float[] x0) {
    float ax = (float) step.ax();
    float am = (float) step.am();
    float bx = (float) step.bx();
    float bm = (float) step.bm();
    float b1 = (float) step.past().h1();
    float b2 = (float) step.past().h2();
    float b3 = (float) step.past().h3();
    float hx = (float) step.leaves().x();
    float hm = (float) step.leaves().m();
    // What the step does not reach may hold anything: in its place stands x, whose factor is 0.
    int depth = step.past().depth();
    float[] h1 = depth > 0 ? history[0] : x;
    float[] h2 = depth > 1 ? history[1] : x;
    float[] h3 = depth > 2 ? history[2] : x;
    float[] left = history[history.length - 1];
    for (int i = 0; i < x.length; i++) {
      float m = output[outputOffset + i];
      float state = x[i];
      float past = b1 * h1[i] + b2 * h2[i] + b3 * h3[i];
      x0[i] = ax * state + am * m;
      // The oldest entry's place: it was read just now.
      left[i] = hx * state + hm * m;
      x[i] = bx * state + bm * m + past;
    }
  }

  /** Completes what the step leaves, and makes it the newest entry. */
  private static void leave(float h0, float[] x0, float[][] history) {
    float[] left = history[history.length - 1];
    addScaled(left, h0, x0);
    System.arraycopy(history, 0, history, 1, history.length - 1);
    history[0] = left;
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
