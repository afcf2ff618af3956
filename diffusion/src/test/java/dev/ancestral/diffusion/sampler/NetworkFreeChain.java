package dev.ancestral.diffusion.sampler;

/**
 * The chain of diffusers' scheduler tests, which needs no network: x = arange(768)/768, prediction
 * x·t/(t+1), noise left out. All values are computed alike, so their order does not matter, and the
 * sum of |x| at the end is the golden number.
 */
final class NetworkFreeChain {
  private static final int SIZE = 768;

  private NetworkFreeChain() {}

  /** Σ|x| at the end, all in double precision. */
  static double sumInDouble(ChainPlan plan) {
    double sum = 0;
    for (int i = 0; i < SIZE; i++) {
      DoubleChain chain = new DoubleChain(plan, (double) i / SIZE);
      for (Step step : plan.steps()) {
        chain.take(step, chain.state() * step.timestep() / (step.timestep() + 1));
      }
      sum += Math.abs(chain.state());
    }
    return sum;
  }

  /** The same through the universal step. */
  static double sumInFloat(ChainPlan plan) {
    float[] x = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      x[i] = (float) i / SIZE;
    }
    float[] m = new float[SIZE];
    float[][] history = new float[plan.historyLength()][SIZE];
    float[] x0 = new float[SIZE];
    float[] noNoise = new float[SIZE];
    for (Step step : plan.steps()) {
      float factor = (float) (step.timestep() / (step.timestep() + 1));
      for (int i = 0; i < SIZE; i++) {
        m[i] = x[i] * factor;
      }
      UniversalStep.apply(step, plan.clipping(), x, m, 0, 0, history, x0, noNoise);
    }
    double sum = 0;
    for (float value : x) {
      sum += Math.abs(value);
    }
    return sum;
  }
}
