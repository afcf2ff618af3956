package dev.ancestral.server.onnx;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The sizes of batch that the runtime gets to see. On a CPU every size, since each row costs. On a
 * GPU a few, to which smaller ones are padded: a size that was never seen costs seconds (cuDNN
 * chooses its kernels, TensorRT may build an engine), and a few rows more cost nothing there.
 */
final class BatchSizes {
  private final TreeSet<Integer> sizes = new TreeSet<>();
  private final boolean padded;

  private BatchSizes(boolean padded) {
    this.padded = padded;
  }

  /** 1 to {@code maxRows}. */
  static BatchSizes exact(int maxRows) {
    BatchSizes exact = new BatchSizes(false);
    for (int rows = 1; rows <= maxRows; rows++) {
      exact.sizes.add(rows);
    }
    return exact;
  }

  /** The powers of two below {@code maxRows}, and itself. */
  static BatchSizes buckets(int maxRows) {
    BatchSizes buckets = new BatchSizes(true);
    for (int rows = 1; rows < maxRows; rows *= 2) {
      buckets.sizes.add(rows);
    }
    buckets.sizes.add(maxRows);
    return buckets;
  }

  /** The size that so many rows, at most the largest, run in. */
  int of(int rows) {
    Integer size = sizes.ceiling(rows);
    if (size == null) {
      throw new IllegalArgumentException(
          "rows: %d (expected: at most %d)".formatted(rows, sizes.last()));
    }
    return size;
  }

  /**
   * The sizes to run before serving, the smallest and the largest first: TensorRT builds an engine
   * for the range that it has seen, and once more if that grows.
   */
  List<Integer> forWarmUp() {
    if (!padded) {
      return List.of();
    }
    Set<Integer> order = new LinkedHashSet<>(List.of(sizes.first()));
    order.add(sizes.last());
    order.addAll(sizes);
    return List.copyOf(order);
  }

  /** The most rows of a call. */
  int largest() {
    return sizes.last();
  }
}
