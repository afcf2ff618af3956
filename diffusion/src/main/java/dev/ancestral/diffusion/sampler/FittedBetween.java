package dev.ancestral.diffusion.sampler;

/**
 * What was measured of a fitted chain whose factors lie between those of two guidance weights.
 *
 * @param guidance a weight between the two
 * @param proof of the interpolated factors there
 */
public record FittedBetween(double guidance, FittedProof proof) {
  /** Whether factors may be interpolated between the two: as good a reason as to write a table. */
  public boolean holds() {
    return proof.isNearest();
  }
}
