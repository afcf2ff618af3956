package dev.ancestral.bundle.signature;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * An input or an output, as an ONNX file declares it.
 *
 * @param name what the file calls it
 * @param type of its numbers, as {@code float32}
 * @param shape its dimensions; none for a scalar
 */
public record Declared(String name, String type, List<Dimension> shape) {
  /**
   * One dimension.
   *
   * @param name of one that is free; may be empty
   * @param size of one that is fixed
   */
  public record Dimension(String name, OptionalLong size) {
    /** A dimension of any size. */
    public static Dimension free(String name) {
      return new Dimension(name, OptionalLong.empty());
    }

    /** A dimension of one size. */
    public static Dimension of(long size) {
      return new Dimension("", OptionalLong.of(size));
    }

    boolean isFree() {
      return size.isEmpty();
    }

    boolean is(long other) {
      return size.isPresent() && size.getAsLong() == other;
    }

    @Override
    public String toString() {
      if (size.isPresent()) {
        return Long.toString(size.getAsLong());
      }
      return name.isEmpty() ? "?" : name;
    }
  }

  /** Copies the shape. */
  public Declared {
    shape = List.copyOf(shape);
  }

  /** As {@code float32 [batch, 1, 8, 8]}. */
  String kind() {
    return shape.stream()
        .map(Dimension::toString)
        .collect(Collectors.joining(", ", type + " [", "]"));
  }

  /** As {@code sample float32 [batch, 1, 8, 8]}. */
  @Override
  public String toString() {
    return name + " " + kind();
  }
}
