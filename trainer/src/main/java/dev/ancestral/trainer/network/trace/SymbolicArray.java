package dev.ancestral.trainer.network.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.internal.NDArrayEx;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.ancestral.trainer.network.layer.WholeOperations;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An array that is a shape alone: each operation that networks use is noted and answers the shape
 * of its result.
 */
final class SymbolicArray implements InvocationHandler {
  private static final int CONVOLVED_LINE = 3;

  private final Tracing tracing;
  private final Symbol symbol;
  private final Shapes shapes;

  SymbolicArray(Tracing tracing, Symbol symbol) {
    this.tracing = tracing;
    this.symbol = symbol;
    this.shapes = new Shapes(symbol.shape());
  }

  NDArray proxy() {
    return (NDArray)
        Proxy.newProxyInstance(
            SymbolicArray.class.getClassLoader(),
            new Class<?>[] {NDArray.class, NDArrayEx.class, WholeOperations.class},
            this);
  }

  /** What an array of a trace is known as. */
  static Symbol symbol(Object array) {
    return ((SymbolicArray) Proxy.getInvocationHandler(array)).symbol;
  }

  static UnsupportedOperationException unknown(String operation) {
    return new UnsupportedOperationException(operation + ": not known to a trace of shapes");
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] given) {
    Object[] args = given == null ? new Object[0] : given;
    Object described =
        switch (method.getName()) {
          case "getShape" -> symbol.shape();
          case "getDevice" -> Device.cpu();
          case "getDataType" -> DataType.FLOAT32;
          case "getManager" -> tracing.owner();
          case "getNDArrayInternal", "getArray" -> proxy;
          case "hashCode" -> System.identityHashCode(proxy);
          case "equals" -> args[0] == proxy;
          case "toString" -> "array of shape " + symbol.shape();
          default -> null;
        };
    if (described != null || method.getName().equals("attach")) {
      return described;
    }
    return switch (method.getName()) {
      case "reshape", "broadcast", "transpose", "swapAxes", "split" -> view(method.getName(), args);
      case "add" -> pair(Operator.ADD, args[0]);
      case "sub" -> pair(Operator.SUB, args[0]);
      case "mul" -> pair(Operator.MUL, args[0]);
      case "div" -> pair(Operator.DIV, args[0]);
      case "maximum" -> pair(Operator.MAXIMUM, args[0]);
      case "duplicate" -> same(Operator.CONTIGUOUS);
      case "square" -> same(Operator.SQUARE);
      case "sqrt" -> same(Operator.SQRT);
      case "cos" -> same(Operator.COS);
      case "sin" -> same(Operator.SIN);
      case "sigmoid" -> same(Operator.SIGMOID);
      case "silu" -> same(Operator.SILU);
      case "gelu" -> same(Operator.GELU);
      case "relu" -> same(Operator.RELU);
      case "softPlus" -> same(Operator.SOFTPLUS);
      case "softmax" -> same(Operator.SOFTMAX, args[0]);
      case "toType" -> same(Operator.TO, code((DataType) args[0]));
      case "sum" -> {
        long[] axes = longs((int[]) args[0]);
        yield done(Operator.SUM, shapes.summed(axes, (boolean) args[1]), symbol, axes, args[1]);
      }
      case "concat" ->
          done(
              Operator.CAT,
              shapes.joined(symbol(args[0]).shape(), (int) args[1]),
              symbol,
              symbol(args[0]),
              args[1]);
      case "matMul" -> {
        Symbol other = symbol(args[0]);
        yield done(Operator.MATMUL, shapes.multiplied(other.shape()), symbol, other);
      }
      default -> layer(method.getName(), args);
    };
  }

  /** What only layers use. */
  private Object layer(String name, Object[] args) {
    return switch (name) {
      case "dropout" -> new NDList(same(Operator.DROPOUT, args[1], true));
      case "layerNorm" ->
          new NDList(
              same(
                  Operator.LAYER_NORM,
                  ((Shape) args[1]).getShape(),
                  symbol(args[2]),
                  symbol(args[3]),
                  args[4]));
      case "linear" -> {
        Symbol weight = symbol(args[1]);
        yield new NDList(
            done(
                Operator.LINEAR,
                shapes.lastAxis(weight.shape().get(0)),
                symbol,
                weight,
                optional(args[2])));
      }
      case "embedding" -> {
        Symbol weight = symbol(args[1]);
        Shape looked = symbol.shape().addAll(new Shape(weight.shape().get(1)));
        yield new NDList(done(Operator.EMBEDDING, looked, weight, symbol));
      }
      case "convolution" -> convolution(args);
      case "groupNorm" ->
          same(Operator.GROUP_NORM, args[0], symbol(args[1]), symbol(args[2]), args[3]);
      case "upsampleNearest" -> done(Operator.UPSAMPLE, shapes.doubled(), symbol);
      case "attention" ->
          done(
              Operator.ATTENTION,
              shapes.lastAxis(symbol(args[1]).shape().get(3)),
              symbol,
              symbol(args[0]),
              symbol(args[1]),
              args[2]);
      default -> throw unknown("NDArray." + name);
    };
  }

  private NDList convolution(Object[] args) {
    Symbol kernel = symbol(args[1]);
    Shape stride = (Shape) args[3];
    Shape padding = (Shape) args[4];
    return new NDList(
        done(
            symbol.shape().dimension() == CONVOLVED_LINE ? Operator.CONV1D : Operator.CONV2D,
            shapes.convolved(kernel.shape(), stride, padding),
            symbol,
            kernel,
            optional(args[2]),
            stride.getShape(),
            padding.getShape(),
            ((Shape) args[5]).getShape(),
            args[6]));
  }

  private Object view(String name, Object[] args) {
    return switch (name) {
      case "reshape" -> {
        long[] sizes = sizes(args[0]);
        yield done(Operator.RESHAPE, shapes.reshaped(sizes), symbol, sizes);
      }
      case "broadcast" -> {
        long[] sizes = sizes(args[0]);
        yield done(Operator.EXPAND, new Shape(sizes), symbol, sizes);
      }
      case "transpose" -> {
        long[] axes = longs((int[]) args[0]);
        yield done(Operator.PERMUTE, shapes.transposed(axes), symbol, axes);
      }
      case "swapAxes" -> {
        Shape swapped = shapes.swapped((int) args[0], (int) args[1]);
        yield done(Operator.TRANSPOSE, swapped, symbol, args[0], args[1]);
      }
      default -> {
        int axis = (int) args[1];
        long[] sizes = shapes.parts(args[0], axis);
        List<Shape> parts = new ArrayList<>();
        for (long size : sizes) {
          parts.add(shapes.with(axis, size));
        }
        yield tracing.done(Operator.SPLIT, parts, symbol, sizes, axis);
      }
    };
  }

  private NDArray pair(Operator operator, Object other) {
    return other instanceof NDArray array
        ? done(operator, shapes.widened(array.getShape()), symbol, symbol(array))
        : done(operator, symbol.shape(), symbol, other);
  }

  private NDArray same(Operator operator, @Nullable Object... more) {
    @Nullable Object[] arguments = new Object[more.length + 1];
    arguments[0] = symbol;
    System.arraycopy(more, 0, arguments, 1, more.length);
    return done(operator, symbol.shape(), arguments);
  }

  private NDArray done(Operator operator, Shape shape, @Nullable Object... arguments) {
    return tracing.done(operator, shape, arguments);
  }

  private static @Nullable Symbol optional(@Nullable Object array) {
    return array == null ? null : symbol(array);
  }

  /** PyTorch's number for a type. */
  private static int code(DataType type) {
    return switch (type) {
      case INT64 -> 4;
      case FLOAT32 -> 6;
      default -> throw unknown("NDArray.toType " + type);
    };
  }

  private static long[] sizes(Object argument) {
    return argument instanceof Shape given ? given.getShape() : (long[]) argument;
  }

  private static long[] longs(int[] numbers) {
    long[] longs = new long[numbers.length];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = numbers[i];
    }
    return longs;
  }
}
