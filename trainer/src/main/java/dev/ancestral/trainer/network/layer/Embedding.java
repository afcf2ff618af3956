package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;

/** A learned vector for each label. Initial values as PyTorch's: standard normal. */
public final class Embedding {
  private final Parameter weight;

  /** {@code count} vectors of {@code size} numbers. */
  public Embedding(Scope scope, int count, int size) {
    this.weight = scope.normal("weight", new Shape(count, size));
  }

  /** i64 [batch], each 0..count-1, to [batch, size]. */
  public NDArray apply(Pass pass, NDArray labels) {
    return labels
        .getNDArrayInternal()
        .embedding(labels, pass.value(weight), SparseFormat.DENSE)
        .singletonOrThrow();
  }
}
