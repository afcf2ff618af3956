package dev.ancestral.client.output;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.client.data.RowFile;
import dev.ancestral.v1.Sample;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Which samples came, in whatever order, and their labels; their numbers lie in a file, if any. */
final class Samples {
  private final int first;
  private final int count;
  private final List<Long> shape;
  private final @Nullable RowFile rows;
  private final BitSet arrived = new BitSet();
  private final Map<Integer, Integer> labels = new HashMap<>();

  /** {@code rows} takes the numbers, that of the first index first; null lets them go. */
  Samples(int first, int count, List<Long> shape, @Nullable RowFile rows) {
    this.first = first;
    this.count = count;
    this.shape = shape;
    this.rows = rows;
  }

  /**
   * Takes a sample; returns its numbers.
   *
   * @throws IllegalArgumentException if it is none of those expected
   */
  float[] add(Sample sample) throws IOException {
    int index = sample.getSampleIndex();
    int row = index - first;
    if (row < 0 || row >= count) {
      throw new IllegalArgumentException(
          "sample_index: %d (expected: %d..%d)".formatted(index, first, first + count - 1));
    }
    FloatTensor tensor = FloatTensor.of(sample.getData());
    if (!tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "sample %d: shape %s (expected: %s)".formatted(index, tensor.shape(), shape));
    }
    if (rows != null) {
      rows.put(row, sample.getData().getFloat32().asReadOnlyByteBuffer());
    }
    arrived.set(row);
    if (sample.hasLabel()) {
      labels.put(index, sample.getLabel());
    }
    return tensor.values();
  }

  /**
   * Ends the collection.
   *
   * @throws IllegalStateException if one never came
   */
  void requireAll() {
    if (arrived.cardinality() != count) {
      throw new IllegalStateException(
          "samples: %d came (expected: %d)".formatted(arrived.cardinality(), count));
    }
  }

  /** The numbers of each sample, read when they are asked for. */
  List<float[]> values() {
    RowFile kept = Objects.requireNonNull(rows, "numbers that were let go");
    return new LazyList<>(count, kept::floats);
  }

  /** The label of the sample of this index, if it came with one. */
  @Nullable Integer label(int index) {
    return labels.get(index);
  }

  boolean labelled() {
    return !labels.isEmpty();
  }
}
