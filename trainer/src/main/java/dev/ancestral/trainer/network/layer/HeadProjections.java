package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * What attention among the pixels of [batch, channels, H, W] is computed from, after RMS
 * normalisation: for every head a query for each pixel, and keys and values for each pixel and for
 * a few learned memories, which come first.
 */
final class HeadProjections {
  /** Keys and values that are learned instead of computed. */
  static final int MEMORIES = 4;

  private static final int POSITION_AXIS = 3;
  private static final int HEAD_AXIS = 1;

  private final RmsNorm norm;
  private final Conv2d toQueryKeyValue;
  private final Parameter memory;
  private final boolean memoriesByRow;
  private final int heads;
  private final int headSize;

  /**
   * Projections.
   *
   * @param memoriesByRow whether the parameter {@code mem_kv} is [2, heads, memories, size] rather
   *     than [2, heads, size, memories]
   */
  HeadProjections(Scope scope, int channels, int heads, int headSize, boolean memoriesByRow) {
    int hidden = Math.multiplyExact(heads, headSize);
    this.norm = new RmsNorm(scope.at("norm"), channels);
    this.toQueryKeyValue =
        Conv2d.pointwiseUnbiased(scope.at("to_qkv"), channels, Math.multiplyExact(3, hidden));
    this.memory =
        scope.normal(
            "mem_kv",
            memoriesByRow
                ? new Shape(2, heads, MEMORIES, headSize)
                : new Shape(2, heads, headSize, MEMORIES));
    this.memoriesByRow = memoriesByRow;
    this.heads = heads;
    this.headSize = headSize;
  }

  /**
   * The three.
   *
   * @param queries [batch, heads, size, pixels]
   * @param keys [batch, heads, size, memories + pixels]
   * @param values of the same shape as the keys
   */
  record Heads(NDArray queries, NDArray keys, NDArray values) {}

  Heads apply(Pass pass, NDArray x) {
    Shape shape = x.getShape();
    long pixels = shape.get(2) * shape.get(3);
    NDArray projected = toQueryKeyValue.apply(pass, norm.apply(pass, x));
    NDList parts =
        projected.reshape(-1, 3L * heads, headSize, pixels).split(new long[] {heads}, HEAD_AXIS);
    NDList keysAndValues =
        memories(pass, x).concat(parts.get(1), POSITION_AXIS).split(2, HEAD_AXIS);
    return new Heads(parts.get(0), keysAndValues.get(0), keysAndValues.get(1));
  }

  /** The same for each sample: [batch, 2·heads, size, memories]. */
  private NDArray memories(Pass pass, NDArray x) {
    long batch = x.getShape().get(0);
    NDArray once =
        memoriesByRow
            ? pass.value(memory, x.getManager(), 1, 2L * heads, MEMORIES, headSize)
                .transpose(0, 1, 3, 2)
            : pass.value(memory, x.getManager(), 1, 2L * heads, headSize, MEMORIES);
    return once.broadcast(batch, 2L * heads, headSize, MEMORIES);
  }

  /** [batch, heads, size, pixels] to pixels of all heads' channels, in the size of x. */
  NDArray joined(NDArray mixed, NDArray x) {
    return mixed.reshape(-1, (long) heads * headSize, x.getShape().get(2), x.getShape().get(3));
  }
}
