package dev.ancestral.trainer.network.trace;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * What operations make of an array's shape.
 *
 * @param shape of the array
 */
record Shapes(Shape shape) {
  private int axis(int axis) {
    return axis < 0 ? axis + shape.dimension() : axis;
  }

  Shape with(int axis, long size) {
    long[] sizes = shape.getShape().clone();
    sizes[axis(axis)] = size;
    return new Shape(sizes);
  }

  Shape reshaped(long[] sizes) {
    long known = Arrays.stream(sizes).filter(size -> size != -1).reduce(1, (a, b) -> a * b);
    return new Shape(
        Arrays.stream(sizes).map(size -> size == -1 ? shape.size() / known : size).toArray());
  }

  Shape transposed(long[] axes) {
    return new Shape(Arrays.stream(axes).map(axis -> shape.get((int) axis)).toArray());
  }

  Shape swapped(int first, int second) {
    long[] sizes = shape.getShape().clone();
    sizes[axis(first)] = shape.get(axis(second));
    sizes[axis(second)] = shape.get(axis(first));
    return new Shape(sizes);
  }

  /** The sizes of so many equal parts, or of those that end at the given places. */
  long[] parts(Object how, int axis) {
    long whole = shape.get(axis(axis));
    if (how instanceof long[] ends) {
      long[] sizes = new long[ends.length + 1];
      long start = 0;
      for (int i = 0; i < ends.length; i++) {
        sizes[i] = ends[i] - start;
        start = ends[i];
      }
      sizes[ends.length] = whole - start;
      return sizes;
    }
    long[] sizes = new long[((Number) how).intValue()];
    Arrays.fill(sizes, whole / sizes.length);
    return sizes;
  }

  /** The shape of both operands together, missing axes first. */
  Shape widened(Shape second) {
    int axes = Math.max(shape.dimension(), second.dimension());
    long[] sizes = new long[axes];
    for (int i = 1; i <= axes; i++) {
      long a = i <= shape.dimension() ? shape.get(shape.dimension() - i) : 1;
      long b = i <= second.dimension() ? second.get(second.dimension() - i) : 1;
      sizes[axes - i] = Math.max(a, b);
    }
    return new Shape(sizes);
  }

  Shape summed(long[] axes, boolean keep) {
    if (!keep) {
      throw SymbolicArray.unknown("NDArray.sum without its axes");
    }
    long[] sizes = shape.getShape().clone();
    for (long axis : axes) {
      sizes[axis((int) axis)] = 1;
    }
    return new Shape(sizes);
  }

  Shape multiplied(Shape other) {
    return lastAxis(other.get(other.dimension() - 1));
  }

  Shape joined(Shape other, int axis) {
    return with(axis, shape.get(axis(axis)) + other.get(axis(axis)));
  }

  Shape lastAxis(long size) {
    return with(shape.dimension() - 1, size);
  }

  Shape doubled() {
    return new Shape(shape.get(0), shape.get(1), 2 * shape.get(2), 2 * shape.get(3));
  }

  /** A kernel over the last one or two axes. */
  Shape convolved(Shape kernel, Shape stride, Shape padding) {
    long[] sizes = shape.getShape().clone();
    sizes[1] = kernel.get(0);
    for (int i = 2; i < sizes.length; i++) {
      sizes[i] = (sizes[i] + 2 * padding.get(i - 2) - kernel.get(i)) / stride.get(i - 2) + 1;
    }
    return new Shape(sizes);
  }
}
