package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * Halves height and width: each square of 2×2 pixels becomes one pixel of 4·in channels
 * (pixel-unshuffle, Shi et al. 2016), which a 1×1 convolution maps to {@code out}.
 *
 * <p>The two are one convolution with kernel and stride 2: its weight [out, in, 2, 2] is that of
 * the 1×1 convolution, [out, 4·in, 1, 1], read in the same order. So no pixel is moved.
 */
public final class SpaceToDepth {
  private static final int SIDE = 2;
  private static final Shape STRIDE = new Shape(SIDE, SIDE);
  private static final Shape NO_PADDING = new Shape(0, 0);
  private static final Shape NO_DILATION = new Shape(1, 1);

  private final Parameter weight;
  private final Parameter bias;
  private final int in;
  private final int out;

  /** From {@code in} channels to {@code out}. Initial values as {@link Conv2d}'s. */
  public SpaceToDepth(Scope scope, int in, int out) {
    int fanIn = Math.multiplyExact(in, SIDE * SIDE);
    double bound = 1 / Math.sqrt(fanIn);
    this.weight = scope.uniform("weight", new Shape(out, fanIn, 1, 1), bound);
    this.bias = scope.uniform("bias", new Shape(out), bound);
    this.in = in;
    this.out = out;
  }

  /** [batch, in, H, W], H and W even, to [batch, out, H/2, W/2]. */
  public NDArray apply(Pass pass, NDArray x) {
    NDArray kernel = pass.value(weight, x.getManager(), out, in, SIDE, SIDE);
    return x.getNDArrayInternal()
        .convolution(x, kernel, pass.value(bias), STRIDE, NO_PADDING, NO_DILATION, 1)
        .singletonOrThrow();
  }
}
