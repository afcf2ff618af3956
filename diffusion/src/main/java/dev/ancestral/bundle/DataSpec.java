package dev.ancestral.bundle;

import java.util.List;

/**
 * What the model draws.
 *
 * @param shape of one sample: [C, H, W] for images, [features] for points
 * @param min lower end of the data's range as the network sees it, such as -1
 * @param max upper end of the range, above min
 * @param levels how many distinct values a number of the data can have (256 for eight bits); 0 for
 *     continuous data
 */
public record DataSpec(List<Long> shape, double min, double max, int levels) {
  /** Checks shape, range and levels. */
  public DataSpec {
    shape = List.copyOf(shape);
    if ((shape.size() != 1 && shape.size() != 3) || shape.stream().anyMatch(n -> n < 1)) {
      throw new IllegalArgumentException(
          "data.shape: %s (expected: [channels, height, width] or [features], each at least 1)"
              .formatted(shape));
    }
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "data.range: [%s, %s] (expected: min below max)".formatted(min, max));
    }
    if (levels < 0 || levels == 1) {
      throw new IllegalArgumentException(
          "data.levels: %d (expected: 0 for continuous data, else at least 2)".formatted(levels));
    }
  }

  /** Numbers in one sample. */
  public int elements() {
    return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
  }

  /** Whether a sample is a picture that PNG can hold: one or three channels. */
  public boolean isImage() {
    return shape.size() == 3 && (shape.get(0) == 1 || shape.get(0) == 3);
  }

  /** Whether a sample has height and width, whatever its number of channels. */
  public boolean isPlanar() {
    return shape.size() == 3;
  }

  /**
   * The shape by which a planar sample can be drawn: its own, or, with another number of channels
   * than a picture has, each of them gray and above the next.
   */
  public long[] drawnShape() {
    return isImage() ? dimensions() : new long[] {1, shape.get(0) * shape.get(1), shape.get(2)};
  }

  /** The shape as an array. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
