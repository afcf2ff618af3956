package dev.ancestral.trainer.memory;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.Shape;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array that is a shape alone: each operation that networks use answers the shape of its result,
 * and tells the trace unless the result is a view.
 */
final class ShapeArray implements InvocationHandler {
  private final ShapeTrace trace;
  private final Shape shape;

  ShapeArray(ShapeTrace trace, Shape shape) {
    this.trace = trace;
    this.shape = shape;
  }

  NDArray proxy() {
    return (NDArray)
        Proxy.newProxyInstance(
            ShapeArray.class.getClassLoader(),
            new Class<?>[] {NDArray.class, NDArrayEx.class},
            this);
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
    Object[] args = given == null ? new Object[0] : given;
    String name = method.getName();
    return switch (name) {
      case "getShape" -> shape;
      case "getDevice" -> Device.cpu();
      case "getDataType" -> ShapeTrace.TYPE;
      case "getManager" -> trace.owner();
      case "getNDArrayInternal", "getArray" -> proxy;
      case "attach" -> null;
      case "hashCode" -> System.identityHashCode(proxy);
      case "equals" -> args[0] == proxy;
      case "toString" -> "array of shape " + shape;
      case "reshape" -> trace.array(reshaped(sizes(args[0])));
      case "broadcast" -> trace.array(new Shape(sizes(args[0])));
      case "transpose" -> trace.array(transposed((int[]) args[0]));
      case "swapAxes" -> trace.array(swapped((int) args[0], (int) args[1]));
      case "split" -> split(args[0], (int) args[1]);
      case "add", "sub", "mul", "div", "maximum" -> trace.result(name, widened(args[0]));
      case "square",
          "sqrt",
          "sigmoid",
          "gelu",
          "relu",
          "softPlus",
          "softmax",
          "cos",
          "sin",
          "toType" ->
          trace.result(name, shape);
      case "layerNorm", "dropout" -> new NDList(trace.result(name, shape));
      case "sum" -> trace.result(name, summed((int[]) args[0], (boolean) args[1]));
      case "matMul" -> trace.result(name, multiplied(shapeOf(args[0])));
      case "concat" -> trace.result(name, joined(shapeOf(args[0]), (int) args[1]));
      case "linear" -> new NDList(trace.result(name, lastAxis(shapeOf(args[1]).get(0))));
      case "embedding" -> new NDList(trace.result(name, looked(shapeOf(args[1]).get(1))));
      case "convolution" ->
          new NDList(
              trace.result(name, convolved(shapeOf(args[1]), (Shape) args[3], (Shape) args[4])));
      default ->
          throw new UnsupportedOperationException(
              "NDArray." + name + ": not known to an estimate of memory");
    };
  }

  private static Shape shapeOf(Object array) {
    return ((NDArray) array).getShape();
  }

  private static long[] sizes(Object argument) {
    return argument instanceof Shape given ? given.getShape() : (long[]) argument;
  }

  private int axis(int axis) {
    return axis < 0 ? axis + shape.dimension() : axis;
  }

  private Shape reshaped(long[] sizes) {
    long known = Arrays.stream(sizes).filter(size -> size != -1).reduce(1, (a, b) -> a * b);
    return new Shape(
        Arrays.stream(sizes).map(size -> size == -1 ? shape.size() / known : size).toArray());
  }

  private Shape transposed(int[] axes) {
    return new Shape(Arrays.stream(axes).mapToLong(shape::get).toArray());
  }

  private Shape swapped(int first, int second) {
    long[] sizes = shape.getShape().clone();
    sizes[axis(first)] = shape.get(axis(second));
    sizes[axis(second)] = shape.get(axis(first));
    return new Shape(sizes);
  }

  /** Into so many equal parts, or at the given places. */
  private NDList split(Object how, int axis) {
    long whole = shape.get(axis(axis));
    List<Long> ends = new ArrayList<>();
    if (how instanceof long[] places) {
      Arrays.stream(places).forEach(ends::add);
    } else {
      long parts = ((Number) how).longValue();
      for (long i = 1; i < parts; i++) {
        ends.add(i * whole / parts);
      }
    }
    ends.add(whole);
    NDList parts = new NDList();
    long start = 0;
    for (long end : ends) {
      parts.add(trace.array(with(axis(axis), end - start)));
      start = end;
    }
    return parts;
  }

  private Shape with(int axis, long size) {
    long[] sizes = shape.getShape().clone();
    sizes[axis] = size;
    return new Shape(sizes);
  }

  /** The shape of both operands together, missing axes first. */
  private Shape widened(Object other) {
    if (!(other instanceof NDArray array)) {
      return shape;
    }
    Shape second = array.getShape();
    int axes = Math.max(shape.dimension(), second.dimension());
    long[] sizes = new long[axes];
    for (int i = 1; i <= axes; i++) {
      long a = i <= shape.dimension() ? shape.get(shape.dimension() - i) : 1;
      long b = i <= second.dimension() ? second.get(second.dimension() - i) : 1;
      sizes[axes - i] = Math.max(a, b);
    }
    return new Shape(sizes);
  }

  private Shape summed(int[] axes, boolean keep) {
    if (!keep) {
      throw new UnsupportedOperationException("sum without its axes: not known to an estimate");
    }
    long[] sizes = shape.getShape().clone();
    for (int axis : axes) {
      sizes[axis(axis)] = 1;
    }
    return new Shape(sizes);
  }

  private Shape multiplied(Shape other) {
    return with(shape.dimension() - 1, other.get(other.dimension() - 1));
  }

  private Shape joined(Shape other, int axis) {
    // What a parameter makes for all samples has no batch to compare.
    return with(axis(axis), shape.get(axis(axis)) + other.get(axis(axis)));
  }

  private Shape lastAxis(long size) {
    return with(shape.dimension() - 1, size);
  }

  private Shape looked(long size) {
    return shape.addAll(new Shape(size));
  }

  /** A kernel over the last one or two axes. */
  private Shape convolved(Shape kernel, Shape stride, Shape padding) {
    long[] sizes = shape.getShape().clone();
    sizes[1] = kernel.get(0);
    for (int i = 2; i < sizes.length; i++) {
      sizes[i] = (sizes[i] + 2 * padding.get(i - 2) - kernel.get(i)) / stride.get(i - 2) + 1;
    }
    return new Shape(sizes);
  }
}
