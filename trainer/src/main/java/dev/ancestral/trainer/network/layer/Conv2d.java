package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Square convolution of [batch, in, H, W]. Initial values as PyTorch's: uniform within 1/√fan-in.
 */
public final class Conv2d {
  private static final Shape NO_DILATION = new Shape(1, 1);

  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final Shape stride;
  private final Shape padding;
  private final int groups;

  /**
   * A convolution with a bias that pads by half its kernel.
   *
   * @param kernel its odd width and height
   * @param stride 1 keeps the size, 2 halves it
   */
  public Conv2d(Scope scope, int in, int out, int kernel, int stride) {
    this(scope, in, out, kernel, stride, 1, true);
  }

  private Conv2d(Scope scope, int in, int out, int kernel, int stride, int groups, boolean biased) {
    int inputs = in / groups;
    double bound = 1 / Math.sqrt((double) inputs * kernel * kernel);
    this.weight = scope.uniform("weight", new Shape(out, inputs, kernel, kernel), bound);
    this.bias = biased ? scope.uniform("bias", new Shape(out), bound) : null;
    this.stride = new Shape(stride, stride);
    this.padding = new Shape(kernel / 2, kernel / 2);
    this.groups = groups;
  }

  /** A map of each pixel's channels, the same for all pixels. */
  public static Conv2d pointwise(Scope scope, int in, int out) {
    return new Conv2d(scope, in, out, 1, 1);
  }

  /** {@link #pointwise} without a bias. */
  public static Conv2d pointwiseUnbiased(Scope scope, int in, int out) {
    return new Conv2d(scope, in, out, 1, 1, 1, false);
  }

  /** A kernel for each channel alone; keeps the shape. */
  public static Conv2d depthwise(Scope scope, int channels, int kernel) {
    return new Conv2d(scope, channels, channels, kernel, 1, channels, true);
  }

  /** Answers [batch, out, H/stride, W/stride]. */
  public NDArray apply(Pass pass, NDArray x) {
    return x.getNDArrayInternal()
        .convolution(
            x,
            pass.value(weight),
            bias == null ? null : pass.value(bias),
            stride,
            padding,
            NO_DILATION,
            groups)
        .singletonOrThrow();
  }
}
