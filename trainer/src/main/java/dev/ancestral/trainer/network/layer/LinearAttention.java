package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;

/**
 * Attention whose cost grows with the number of pixels, not with its square (Shen et al. 2018):
 * keys are weights over the positions, queries weights over a head's channels, and the values are
 * summed up once for all pixels. As in {@link FullAttention} there are four learned memories, and
 * the input is not added.
 */
public final class LinearAttention {
  private static final int POSITIONS = -1;
  private static final int SIZE = -2;

  private final HeadProjections projections;
  private final Conv2d toOut;
  private final RmsNorm normOut;
  private final float scale;

  /** An attention of several heads, each of so many channels. */
  public LinearAttention(Scope scope, int channels, int heads, int headSize) {
    this.projections = new HeadProjections(scope, channels, heads, headSize, false);
    this.toOut =
        Conv2d.pointwise(scope.at("to_out", 0), Math.multiplyExact(heads, headSize), channels);
    this.normOut = new RmsNorm(scope.at("to_out", 1), channels);
    this.scale = (float) (1 / Math.sqrt(headSize));
  }

  /** Answers the shape of x. */
  public NDArray apply(Pass pass, NDArray x) {
    HeadProjections.Heads heads = projections.apply(pass, x);
    NDArray queries = heads.queries().softmax(SIZE);
    NDArray keys = heads.keys().softmax(POSITIONS);
    NDArray summary = heads.values().matMul(keys.transpose(0, 1, 3, 2));
    NDArray mixed = summary.mul(x.getManager().create(scale)).matMul(queries);
    return normOut.apply(pass, toOut.apply(pass, projections.joined(mixed, x)));
  }
}
