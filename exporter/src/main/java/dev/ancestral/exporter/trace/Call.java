package dev.ancestral.exporter.trace;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One call of an array's method. Argument 0 is the array it was called on.
 *
 * @param operation the method with its parameter types, such as {@code add(NDArray)}, or one of the
 *     names below
 * @param args values, lists of values, numbers, dimensions, texts
 * @param results the arrays it made
 * @param site where it was called
 */
public record Call(String operation, List<@Nullable Object> args, List<Value> results, Site site) {
  /** Brings in an input; its argument is the name. */
  public static final String INPUT = "input";

  /** Brings in a parameter; its arguments are name and {@link Tensor}. */
  public static final String PARAMETER = "parameter";

  /**
   * Brings in a constant; its argument is the {@link Tensor}. Where a dimension of the result is
   * not the tensor's, the tensor is repeated along it.
   */
  public static final String CONSTANT = "constant";

  /** Indexing, with starts, stops, steps for the first axes, then axes to drop, then to add. */
  public static final String SLICE = "slice";

  /** Picking along an axis: the axis, then the indices. */
  public static final String TAKE = "take along an axis";

  /** The only result. */
  public Value result() {
    if (results.size() != 1) {
      throw new IllegalStateException(operation + ": " + results.size() + " results");
    }
    return results.get(0);
  }

  /** The array it was called on. */
  public Value self() {
    return value(0);
  }

  /** An array. */
  public Value value(int index) {
    return as(Value.class, index);
  }

  /** An array that may be left out. */
  public Optional<Value> optionalValue(int index) {
    return args.get(index) == null ? Optional.empty() : Optional.of(value(index));
  }

  /** A list of arrays. */
  public List<Value> values(int index) {
    List<Value> values = new ArrayList<>();
    for (Object item : as(List.class, index)) {
      values.add((Value) item);
    }
    return values;
  }

  /** A number of any type. */
  public Number number(int index) {
    return as(Number.class, index);
  }

  /** A whole number. */
  public long integer(int index) {
    return as(Number.class, index).longValue();
  }

  /** Numbers, each of which may depend on the batch. */
  public List<Dim> dims(int index) {
    List<Dim> dims = new ArrayList<>();
    for (Object item : as(List.class, index)) {
      dims.add((Dim) item);
    }
    return dims;
  }

  /** Whole numbers that are the same for every batch size. */
  public List<Long> integers(int index) {
    List<Dim> dims = dims(index);
    if (!dims.stream().allMatch(Dim::isConstant)) {
      throw refuse("its argument " + dims + " changes with the batch size");
    }
    return Dim.values(dims);
  }

  /** Yes or no. */
  public boolean flag(int index) {
    return as(Boolean.class, index);
  }

  /** A type. */
  public ElementType type(int index) {
    return as(ElementType.class, index);
  }

  /** A text. */
  public String text(int index) {
    return as(String.class, index);
  }

  /** Numbers that are part of the network. */
  public Tensor tensor(int index) {
    return as(Tensor.class, index);
  }

  /** The error for a call that cannot be exported. */
  public TraceException refuse(String reason) {
    return new TraceException("%s: %s; called in %s".formatted(operation, reason, site));
  }

  private <T> T as(Class<T> type, int index) {
    Object arg = args.get(index);
    if (arg instanceof Dim dim && type == Number.class) {
      throw refuse("its argument " + dim + " changes with the batch size");
    }
    if (!type.isInstance(arg)) {
      throw new IllegalStateException(
          "%s: argument %d is %s (expected: %s)"
              .formatted(operation, index, arg, type.getSimpleName()));
    }
    return type.cast(arg);
  }
}
