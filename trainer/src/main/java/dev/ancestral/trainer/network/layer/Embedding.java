package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Parameter;

/** A learned vector for each label. */
public final class Embedding {
  private final Parameter weight;

  private Embedding(Parameter weight) {
    this.weight = weight;
  }

  /**
   * {@code count} vectors of {@code size} numbers; initial values as PyTorch's: standard normal.
   */
  public static Embedding normal(Scope scope, int count, int size) {
    return new Embedding(scope.normal("weight", new Shape(count, size)));
  }

  /**
   * {@code count} vectors of {@code size} numbers, at first uniform in 0..1: factors, not
   * directions.
   */
  public static Embedding uniform(Scope scope, int count, int size) {
    return new Embedding(scope.uniform("weight", new Shape(count, size), 0, 1));
  }

  /** i64 [batch], each 0..count-1, to [batch, size]. */
  public NDArray apply(Pass pass, NDArray labels) {
    return labels
        .getNDArrayInternal()
        .embedding(labels, pass.value(weight), SparseFormat.DENSE)
        .singletonOrThrow();
  }
}
