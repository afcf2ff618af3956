package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * Square convolution of [batch, in, H, W] with a bias. Initial values as PyTorch's: uniform within
 * 1/√fan-in.
 */
public final class Conv2d {
  private static final Shape NO_DILATION = new Shape(1, 1);

  private final Parameter weight;
  private final Parameter bias;
  private final Shape stride;
  private final Shape padding;

  /**
   * A convolution that pads by half its kernel.
   *
   * @param kernel its odd width and height
   * @param stride 1 keeps the size, 2 halves it
   */
  public Conv2d(Scope scope, int in, int out, int kernel, int stride) {
    double bound = 1 / Math.sqrt((double) in * kernel * kernel);
    this.weight = scope.uniform("weight", new Shape(out, in, kernel, kernel), bound);
    this.bias = scope.uniform("bias", new Shape(out), bound);
    this.stride = new Shape(stride, stride);
    this.padding = new Shape(kernel / 2, kernel / 2);
  }

  /** Answers [batch, out, H/stride, W/stride]. */
  public NDArray apply(Pass pass, NDArray x) {
    return x.getNDArrayInternal()
        .convolution(x, pass.value(weight), pass.value(bias), stride, padding, NO_DILATION, 1)
        .singletonOrThrow();
  }
}
