package dev.ancestral.exporter.trace;

import dev.ancestral.exporter.onnx.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes of two recordings at different batch sizes one that holds for all: numbers that differ
 * become functions of the batch size, and what cannot be one is refused.
 */
final class BatchComparison {
  private final Recording first;
  private final Recording second;
  private final Map<Integer, Value> values = new HashMap<>();

  private BatchComparison(Recording first, Recording second) {
    this.first = first;
    this.second = second;
  }

  static CallGraph merge(Recording first, Recording second) {
    return new BatchComparison(first, second).merge();
  }

  private CallGraph merge() {
    checkSameOperations();
    List<Call> calls = new ArrayList<>();
    for (int i : first.liveCalls()) {
      calls.add(merge(first.calls().get(i), second.calls().get(i)));
    }
    return new CallGraph(
        calls, first.outputs().stream().map(output -> known(output.id())).toList());
  }

  private void checkSameOperations() {
    int count = Math.max(first.calls().size(), second.calls().size());
    for (int i = 0; i < count; i++) {
      RecordedCall a = i < first.calls().size() ? first.calls().get(i) : null;
      RecordedCall b = i < second.calls().size() ? second.calls().get(i) : null;
      if (a == null || b == null || !a.operation().equals(b.operation())) {
        RecordedCall either = Objects.requireNonNull(a == null ? b : a);
        throw new TraceException(
            "the network takes another way at another batch size: %s at %d, %s at %d; in %s"
                .formatted(
                    a == null ? "no call" : a.operation(),
                    first.batch(),
                    b == null ? "no call" : b.operation(),
                    second.batch(),
                    either.where().site()));
      }
    }
  }

  private Call merge(RecordedCall a, RecordedCall b) {
    Site site = a.where().site();
    List<@Nullable Object> args = new ArrayList<>();
    for (int i = 0; i < a.args().size(); i++) {
      args.add(unify(a.args().get(i), b.args().get(i), a.operation(), site));
    }
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < a.results().size(); i++) {
      results.add(value(a.results().get(i), b.results().get(i), a.operation(), site));
    }
    return new Call(a.operation(), Collections.unmodifiableList(args), results, site);
  }

  private Value value(RecordedValue a, RecordedValue b, String operation, Site site) {
    if (a.type() != b.type() || a.shape().size() != b.shape().size()) {
      throw depends(operation, site, a.type() + " " + a.shape(), b.type() + " " + b.shape());
    }
    List<Dim> dims = new ArrayList<>();
    for (int i = 0; i < a.shape().size(); i++) {
      dims.add(dim(a.shape().get(i), b.shape().get(i), operation, site));
    }
    Value value = new Value(a.id(), a.type(), dims);
    values.put(a.id(), value);
    return value;
  }

  private @Nullable Object unify(
      @Nullable Object a, @Nullable Object b, String operation, Site site) {
    if (a instanceof RecordedValue x && b instanceof RecordedValue y) {
      if (x.id() != y.id()) {
        throw depends(operation, site, "value " + x.id(), "value " + y.id());
      }
      return known(x.id());
    }
    if (a instanceof List<?> x && b instanceof List<?> y && x.size() == y.size()) {
      List<@Nullable Object> items = new ArrayList<>();
      for (int i = 0; i < x.size(); i++) {
        Object item = unify(x.get(i), y.get(i), operation, site);
        items.add(item instanceof Long number ? Dim.of(number) : item);
      }
      return items;
    }
    if (a instanceof Tensor x && b instanceof Tensor y) {
      return RepeatedRows.common(x, y).orElseThrow(() -> depends(operation, site, say(x), say(y)));
    }
    if (Objects.equals(a, b)) {
      return a;
    }
    if (a instanceof Number x && b instanceof Number y && isWhole(x) && isWhole(y)) {
      return dim(x.longValue(), y.longValue(), operation, site);
    }
    throw depends(operation, site, String.valueOf(a), String.valueOf(b));
  }

  private static boolean isWhole(Number number) {
    return number instanceof Long || number instanceof Integer;
  }

  private static String say(Tensor tensor) {
    return "other numbers, shape " + tensor.dims();
  }

  /** The straight line through two sizes. */
  private Dim dim(long a, long b, String operation, Site site) {
    long perBatch = (b - a) / (second.batch() - first.batch());
    Dim dim = new Dim(perBatch, a - perBatch * first.batch());
    if (dim.perBatch() < 0 || (!dim.isConstant() && dim.constant() < 0)) {
      throw depends(operation, site, Long.toString(a), Long.toString(b));
    }
    return dim;
  }

  private Value known(int id) {
    return Objects.requireNonNull(values.get(id), () -> "value " + id + " before it was made");
  }

  private TraceException depends(String operation, Site site, String a, String b) {
    return new TraceException(
        "%s: depends on the batch size in a way that cannot be exported: %s at %d, %s at %d; in %s"
            .formatted(operation, a, first.batch(), b, second.batch(), site));
  }
}
