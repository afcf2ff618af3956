package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/** x·Wᵀ + b over the last axis. Initial values as PyTorch's: uniform within 1/√in. */
public final class Linear {
  private static final Shape ONE = new Shape(1);
  private static final Shape NO_PADDING = new Shape(0);

  private final Parameter weight;
  private final Parameter bias;
  private final int in;
  private final int out;

  /** A map from {@code in} to {@code out} numbers. */
  public Linear(Scope scope, int in, int out) {
    double bound = 1 / Math.sqrt(in);
    this.weight = scope.uniform("weight", new Shape(out, in), bound);
    this.bias = scope.uniform("bias", new Shape(out), bound);
    this.in = in;
    this.out = out;
  }

  /** [..., in] to [..., out]. */
  public NDArray apply(Pass pass, NDArray x) {
    return x.getNDArrayInternal()
        .linear(x, pass.value(weight), pass.value(bias))
        .singletonOrThrow();
  }

  /**
   * The same map of each position of [batch, in, positions], to [batch, out, positions]: without
   * turning channels last, as the map over the last axis would need.
   */
  NDArray applyToChannels(Pass pass, NDArray x) {
    NDArray kernel = pass.value(weight, x.getManager(), out, in, 1);
    return x.getNDArrayInternal()
        .convolution(x, kernel, pass.value(bias), ONE, NO_PADDING, ONE, 1)
        .singletonOrThrow();
  }

  /** W·v: how the answer moves while x moves along v. */
  public NDArray applyTangent(Pass pass, NDArray v) {
    return v.getNDArrayInternal().linear(v, pass.value(weight), null).singletonOrThrow();
  }
}
