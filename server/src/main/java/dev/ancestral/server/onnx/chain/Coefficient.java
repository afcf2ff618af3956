package dev.ancestral.server.onnx.chain;

/**
 * The columns of the chain graph's table, in their order: what one row needs in one step beside its
 * timestep and its noise.
 */
public enum Coefficient {
  /** Factor of x in the estimate of x0. */
  AX,
  /** Factor of m in the estimate of x0. */
  AM,
  /** Factor of the clipped estimate. */
  B0,
  /** Factor of x. */
  BX,
  /** Factor of m. */
  BM,
  /** Factor of the previous step's estimate. */
  BP,
  /** Factor of the noise. */
  BZ,
  /** Lower bound of the estimate; negative infinity for none. */
  LOW,
  /** Upper bound of the estimate; infinity for none. */
  HIGH,
  /** Guidance weight; 1 for a row that is its own. */
  WEIGHT;

  /** How many there are. */
  public static int count() {
    return values().length;
  }
}
