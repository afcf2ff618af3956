package dev.ancestral.diffusion.sampler;

/**
 * What a step leaves in its chain's history, which its sampler chooses: a linear form of the state
 * before the step, the clipped estimate of x0, and the network's output.
 *
 * @param x factor of the state before the step
 * @param x0 factor of the clipped estimate
 * @param m factor of the network's output
 */
public record Entry(double x, double x0, double m) {
  /** The clipped estimate itself. */
  public static final Entry X0 = new Entry(0, 1, 0);
}
