package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/** x·Wᵀ + b over the last axis. Initial values as PyTorch's: uniform within 1/√in. */
public final class Linear {
  private final Parameter weight;
  private final Parameter bias;

  /** A map from {@code in} to {@code out} numbers. */
  public Linear(Scope scope, int in, int out) {
    double bound = 1 / Math.sqrt(in);
    this.weight = scope.uniform("weight", new Shape(out, in), bound);
    this.bias = scope.uniform("bias", new Shape(out), bound);
  }

  /** [..., in] to [..., out]. */
  public NDArray apply(Pass pass, NDArray x) {
    return x.getNDArrayInternal()
        .linear(x, pass.value(weight), pass.value(bias))
        .singletonOrThrow();
  }

  /** W·v: how the answer moves while x moves along v. */
  public NDArray applyTangent(Pass pass, NDArray v) {
    return v.getNDArrayInternal().linear(v, pass.value(weight), null).singletonOrThrow();
  }
}
