package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;

/**
 * Attention of every pixel of [batch, channels, H, W] to every pixel and to four learned memories
 * (Vaswani et al. 2017); its cost grows with the square of the number of pixels. The input is not
 * added.
 */
public final class FullAttention {
  private final HeadProjections projections;
  private final Conv2d toOut;
  private final float scale;

  /** An attention of several heads, each of so many channels. */
  public FullAttention(Scope scope, int channels, int heads, int headSize) {
    this.projections = new HeadProjections(scope, channels, heads, headSize, true);
    this.toOut =
        Conv2d.pointwise(scope.at("to_out"), Math.multiplyExact(heads, headSize), channels);
    this.scale = (float) (1 / Math.sqrt(headSize));
  }

  /** Answers the shape of x. */
  public NDArray apply(Pass pass, NDArray x) {
    HeadProjections.Heads heads = projections.apply(pass, x);
    if (heads.queries() instanceof WholeOperations) {
      NDArray mixed =
          ((WholeOperations) rows(heads.queries()))
              .attention(rows(heads.keys()), rows(heads.values()), scale);
      return toOut.apply(pass, projections.joined(mixed.swapAxes(2, 3), x));
    }
    NDArray queries = heads.queries().mul(x.getManager().create(scale)).transpose(0, 1, 3, 2);
    NDArray weights = queries.matMul(heads.keys()).softmax(-1);
    NDArray mixed = heads.values().matMul(weights.transpose(0, 1, 3, 2));
    return toOut.apply(pass, projections.joined(mixed, x));
  }

  /** [batch, heads, size, positions] to [batch, heads, positions, size], a row after the other. */
  private static NDArray rows(NDArray columns) {
    return columns.swapAxes(2, 3).duplicate();
  }
}
