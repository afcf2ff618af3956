package dev.ancestral.server.onnx;

import java.util.TreeSet;

/**
 * The sizes of batch that the runtime gets to see. On a CPU every size, since each row costs. On a
 * GPU a few, to which smaller ones are padded: a size that was never seen costs seconds (cuDNN
 * chooses its kernels, TensorRT may build an engine), and a few rows more cost nothing there.
 */
final class BatchSizes {
  private final TreeSet<Integer> sizes = new TreeSet<>();

  private BatchSizes() {}

  /** 1 to {@code maxRows}. */
  static BatchSizes exact(int maxRows) {
    BatchSizes exact = new BatchSizes();
    for (int rows = 1; rows <= maxRows; rows++) {
      exact.sizes.add(rows);
    }
    return exact;
  }

  /** The powers of two below {@code maxRows}, and itself. */
  static BatchSizes buckets(int maxRows) {
    BatchSizes buckets = new BatchSizes();
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

  int largest() {
    return sizes.last();
  }
}
