package dev.ancestral.client.output;

import dev.ancestral.client.data.FloatTensor;
import dev.ancestral.v1.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The finished samples by index, in whatever order they come. */
final class Samples {
  private final List<Long> shape;
  private final float[] @Nullable [] values;
  private final @Nullable Integer[] labels;

  Samples(int count, List<Long> shape) {
    this.shape = shape;
    this.values = new float[count] @Nullable [];
    this.labels = new @Nullable Integer[count];
  }

  void add(Sample sample) {
    int index = sample.getSampleIndex();
    if (index < 0 || index >= values.length) {
      throw new IllegalArgumentException(
          "sample_index: %d (expected: 0..%d)".formatted(index, values.length - 1));
    }
    FloatTensor tensor = FloatTensor.of(sample.getData());
    if (!tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "sample %d: shape %s (expected: %s)".formatted(index, tensor.shape(), shape));
    }
    values[index] = tensor.values();
    labels[index] = sample.hasLabel() ? sample.getLabel() : null;
  }

  int count() {
    return values.length;
  }

  List<Long> shape() {
    return shape;
  }

  /**
   * The values of each sample.
   *
   * @throws IllegalStateException if one never came
   */
  List<float[]> all() {
    List<float[]> all = Arrays.stream(values).flatMap(Stream::ofNullable).toList();
    if (all.size() != values.length) {
      throw new IllegalStateException(
          "samples: %d came (expected: %d)".formatted(all.size(), values.length));
    }
    return all;
  }

  @Nullable Integer label(int index) {
    return labels[index];
  }

  boolean labelled() {
    return Arrays.stream(labels).anyMatch(label -> label != null);
  }
}
