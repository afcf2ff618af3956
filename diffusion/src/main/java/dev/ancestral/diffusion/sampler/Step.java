package dev.ancestral.diffusion.sampler;

/**
 * One row of a plan: with state x, the network's output m and its variance half v, what the steps
 * before left in the history, h1 the newest of it, and noise z,
 *
 * <pre>
 * x0 = clip(ax·x + am·m)
 * x' = b0·x0 + bx·x + bm·m + (b1·h1 + b2·h2 + b3·h3) + bz·exp(bs·v)·z
 * h  = hx·x + h0·x0 + hm·m
 * </pre>
 *
 * where h is what this step leaves there in turn: the next one's h1.
 *
 * <p>Where the factor of v or z is 0, the term is not read, nor is the history further back than
 * {@link Past#depth()}, so its array may hold anything.
 *
 * @param timestep what the network is given; may be fractional
 * @param ax factor of x in the estimate of x0
 * @param am factor of m in the estimate of x0
 * @param b0 factor of the clipped estimate in the next state
 * @param bx factor of x in the next state
 * @param bm factor of m in the next state
 * @param past b1, b2 and b3, the factors of the history in the next state
 * @param leaves hx, h0 and hm, the factors of h
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
    Past past,
    Entry leaves,
    double bz,
    double bs) {
  /** A step that estimates x0, leaves it, and whose next state is yet to be given. */
  public static Step estimating(double timestep, double ax, double am) {
    return new Step(timestep, ax, am, 0, 0, 0, Past.NONE, Entry.X0, 0, 0);
  }

  /** With this factor of the clipped estimate. */
  public Step plusX0(double factor) {
    return new Step(timestep, ax, am, factor, bx, bm, past, leaves, bz, bs);
  }

  /** With this factor of the state. */
  public Step plusState(double factor) {
    return new Step(timestep, ax, am, b0, factor, bm, past, leaves, bz, bs);
  }

  /** With this factor of the network's output. */
  public Step plusOutput(double factor) {
    return new Step(timestep, ax, am, b0, bx, factor, past, leaves, bz, bs);
  }

  /** With this factor of what the step before left, and of nothing before it. */
  public Step plusPrevious(double factor) {
    return plusPast(new Past(factor, 0, 0));
  }

  /** With these factors of the history. */
  public Step plusPast(Past factors) {
    return new Step(timestep, ax, am, b0, bx, bm, factors, leaves, bz, bs);
  }

  /** With this entry left in the history. */
  public Step leaving(Entry entry) {
    return new Step(timestep, ax, am, b0, bx, bm, past, entry, bz, bs);
  }

  /** With this factor of noise. */
  public Step plusNoise(double factor) {
    return plusNoise(factor, 0);
  }

  /** With noise whose logarithmic scale is {@code exponent}·v beside its factor. */
  public Step plusNoise(double factor, double exponent) {
    return new Step(timestep, ax, am, b0, bx, bm, past, leaves, factor, exponent);
  }

  /** Whether the step draws noise. */
  public boolean isStochastic() {
    return bz != 0;
  }

  /** Whether the step reads the variance half of the network's output. */
  public boolean usesVariance() {
    return isStochastic() && bs != 0;
  }
}
