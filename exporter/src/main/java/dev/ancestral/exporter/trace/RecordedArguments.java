package dev.ancestral.exporter.trace;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects a call's arguments in the recording's words, the array it is called on first. */
final class RecordedArguments {
  private final TraceSession session;
  private final List<@Nullable Object> args = new ArrayList<>();
  private boolean constant = true;

  RecordedArguments(TraceSession session, TracedArray self) {
    this.session = session;
    args.add(value(self));
  }

  RecordedArguments add(@Nullable Object arg) {
    args.add(convert(arg));
    return this;
  }

  List<@Nullable Object> list() {
    return args;
  }

  /** Whether every array among them is a constant. */
  boolean areConstant() {
    return constant;
  }

  private RecordedValue value(TracedArray traced) {
    constant &= traced.isConstant();
    return traced.value();
  }

  private @Nullable Object convert(@Nullable Object arg) {
    if (arg instanceof NDArray array) {
      return value(session.traced(array));
    }
    if (arg instanceof NDList arrays) {
      return arrays.stream().map(array -> value(session.traced(array))).toList();
    }
    if (arg instanceof Shape shape) {
      return Arrays.stream(shape.getShape()).boxed().toList();
    }
    if (arg instanceof long[] numbers) {
      return Arrays.stream(numbers).boxed().toList();
    }
    if (arg instanceof int[] numbers) {
      return Arrays.stream(numbers).mapToObj(Long::valueOf).toList();
    }
    if (arg instanceof DataType type) {
      return DjlTensors.of(type);
    }
    if (arg == null || arg instanceof NDManager) {
      return null;
    }
    boolean plain = arg instanceof Number || arg instanceof Boolean || arg instanceof List<?>;
    return plain ? arg : arg.toString();
  }
}
