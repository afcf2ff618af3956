package dev.ancestral.trainer.quality;

/**
 * How far two sets of samples are from one another: Fréchet's distance between the normal
 * distributions that have their means and covariances (Heusel et al. 2017, "GANs Trained by a Two
 * Time-Scale Update Rule", eq. 6), squared as there. Pure.
 *
 * <p>Few samples make it too large, by about as much for one model as for another; so sets that are
 * to be compared need the same size, and the distance of real samples from real ones beside it.
 */
public final class FrechetDistance {
  private FrechetDistance() {}

  /**
   * The distance, 0 or more, in the features' unit squared.
   *
   * @param a features of at least two samples, a row each
   * @param b features of at least two samples, as many numbers each
   * @throws IllegalArgumentException if there are fewer, their lengths differ, or one is not finite
   */
  public static double between(float[][] a, float[][] b) {
    Rows.require("a", a, a);
    Rows.require("b", b, a);
    return Gaussian.of(a).distanceTo(Gaussian.of(b));
  }
}
