package dev.ancestral.diffusion.sampler;

/**
 * One row of a plan: with state x, the network's output m and its variance half v, the previous
 * step's estimate p of x0 and noise z,
 *
 * <pre>
 * x0 = clip(ax·x + am·m)
 * x' = b0·x0 + bx·x + bm·m + bp·p + bz·exp(bs·v)·z
 * </pre>
 *
 * <p>Where the factor of p, v or z is 0, the term is not read, so its array may hold anything.
 *
 * @param timestep what the network is given; may be fractional
 * @param ax factor of x in the estimate of x0
 * @param am factor of m in the estimate of x0
 * @param b0 factor of the clipped estimate in the next state
 * @param bx factor of x in the next state
 * @param bm factor of m in the next state
 * @param bp factor of the previous step's clipped estimate in the next state
 * @param bz factor of the noise in the next state
 * @param bs factor of v in the exponent of the noise's scale
 */
public record Step(
    double timestep,
    double ax,
    double am,
    double b0,
    double bx,
    double bm,
    double bp,
    double bz,
    double bs) {
  /** A step that estimates x0 and whose next state is yet to be given, a term at a time. */
  static Step estimating(double timestep, double ax, double am) {
    return new Step(timestep, ax, am, 0, 0, 0, 0, 0, 0);
  }

  Step plusX0(double factor) {
    return new Step(timestep, ax, am, factor, bx, bm, bp, bz, bs);
  }

  Step plusState(double factor) {
    return new Step(timestep, ax, am, b0, factor, bm, bp, bz, bs);
  }

  Step plusOutput(double factor) {
    return new Step(timestep, ax, am, b0, bx, factor, bp, bz, bs);
  }

  Step plusPrevious(double factor) {
    return new Step(timestep, ax, am, b0, bx, bm, factor, bz, bs);
  }

  Step plusNoise(double factor) {
    return new Step(timestep, ax, am, b0, bx, bm, bp, factor, 0);
  }

  /** Noise whose logarithmic scale is {@code exponent}·v beside its factor. */
  Step plusNoise(double factor, double exponent) {
    return new Step(timestep, ax, am, b0, bx, bm, bp, factor, exponent);
  }

  /** Whether the step draws noise. */
  public boolean isStochastic() {
    return bz != 0;
  }

  /** Whether the step reads the previous one's estimate of x0. */
  public boolean usesPrevious() {
    return bp != 0;
  }

  /** Whether the step reads the variance half of the network's output. */
  public boolean usesVariance() {
    return isStochastic() && bs != 0;
  }
}
