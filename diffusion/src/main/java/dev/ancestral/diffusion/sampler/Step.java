package dev.ancestral.diffusion.sampler;

/**
 * One row of a plan: with state x, the network's output m and noise z,
 *
 * <pre>
 * x0 = clip(ax·x + am·m)
 * x' = b0·x0 + bx·x + bm·m + bz·z
 * </pre>
 *
 * @param timestep what the network is given; may be fractional
 * @param ax factor of x in the estimate of x0
 * @param am factor of m in the estimate of x0
 * @param b0 factor of the clipped estimate in the next state
 * @param bx factor of x in the next state
 * @param bm factor of m in the next state
 * @param bz factor of the noise in the next state; 0 means that none is drawn
 */
public record Step(
    double timestep, double ax, double am, double b0, double bx, double bm, double bz) {
  /** Whether the step draws noise. */
  public boolean isStochastic() {
    return bz != 0;
  }
}
