package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Node;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Grows a graph node by node, so that a lowering reads as its formula. Names are made here: a node
 * is called after the part of the network it belongs to and its operator. Equal constants are
 * stored once.
 */
final class GraphBuilder {
  private final Opset opset;
  private final List<Port> inputs;
  private final Map<String, Tensor> initializers = new LinkedHashMap<>();
  private final Map<Tensor, String> constants = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Integer> namesakes = new HashMap<>();
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<Integer, Call> makers = new HashMap<>();
  private String path = "";
  private @Nullable String batch;

  GraphBuilder(Opset opset, List<Port> inputs) {
    this.opset = opset;
    this.inputs = inputs;
  }

  Opset opset() {
    return opset;
  }

  /** What follows belongs to this call. */
  void enter(Call call) {
    path = call.site().path().replace('/', '.');
  }

  void bind(Call call, List<String> made) {
    List<Value> values = call.results();
    if (values.size() != made.size()) {
      throw new IllegalStateException(
          "results: %d (expected: %d)".formatted(made.size(), values.size()));
    }
    for (int i = 0; i < made.size(); i++) {
      names.put(values.get(i).id(), made.get(i));
      makers.put(values.get(i).id(), call);
    }
  }

  /** The ONNX name of a value that an earlier call made. */
  String name(Value value) {
    return Objects.requireNonNull(names.get(value.id()), () -> value + " has no name");
  }

  /** The call that made a value, if it is of this operation. */
  Optional<Call> maker(Value value, String operation) {
    return Optional.ofNullable(makers.get(value.id()))
        .filter(call -> call.operation().equals(operation));
  }

  /** A parameter, under its own name. */
  String parameter(String name, Tensor tensor) {
    initializers.put(name, tensor);
    return name;
  }

  /** A constant. */
  String constant(Tensor tensor) {
    return constants.computeIfAbsent(
        tensor,
        ignored -> {
          String name = "constant_" + constants.size();
          initializers.put(name, tensor);
          return name;
        });
  }

  /** Whether this value is a constant of the network, and one number repeated. */
  boolean isFilledWith(Value value, Number number) {
    String name = name(value);
    Tensor tensor = initializers.get(name);
    return tensor != null
        && name.equals(constants.get(tensor))
        && tensor.equals(Tensor.filled(tensor.type(), tensor.dims(), number));
  }

  /** A vector of whole numbers. */
  String longs(List<Long> values) {
    return constant(Tensor.ofLongs(values.stream().mapToLong(Long::longValue).toArray()));
  }

  /** A vector of whole numbers. */
  String longs(long... values) {
    return constant(Tensor.ofLongs(values));
  }

  /** One number. */
  String scalar(ElementType type, Number value) {
    return constant(Tensor.scalar(type, value));
  }

  /** An operation without attributes. */
  String op(String operator, String... inputs) {
    return op(operator, Map.of(), inputs);
  }

  /** An operation. */
  String op(String operator, Map<String, Object> attributes, String... inputs) {
    return ops(operator, attributes, 1, List.of(inputs)).get(0);
  }

  /** An operation with several results. */
  List<String> ops(
      String operator, Map<String, Object> attributes, int outputs, List<String> inputs) {
    String base = path.isEmpty() ? operator : path + "/" + operator;
    int namesake = namesakes.merge(base, 1, Integer::sum);
    String name = namesake == 1 ? base : base + "_" + namesake;
    List<String> made = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      made.add(outputs == 1 ? name + "_out" : name + "_out" + i);
    }
    nodes.add(new Node(name, operator, inputs, made, attributes));
    return made;
  }

  /** The numbers in another type. */
  String cast(String x, ElementType from, ElementType to) {
    return from == to ? x : op("Cast", Map.of("to", (long) to.code()), x);
  }

  /** A value's numbers in another type. */
  String cast(Value value, ElementType to) {
    return cast(name(value), value.type(), to);
  }

  /** The same numbers in another shape. */
  String reshape(String x, List<Dim> from, List<Dim> to) {
    if (from.equals(to)) {
      return x;
    }
    List<Long> target = new ArrayList<>();
    boolean inferred = false;
    for (int i = 0; i < to.size(); i++) {
      Dim dim = to.get(i);
      if (dim.isConstant()) {
        target.add(dim.value());
      } else if (i < from.size() && from.get(i).equals(dim)) {
        // Copied rather than inferred, so that runtimes know that it is the batch still: ONNX
        // Runtime adds within a convolution only what it knows to have the same shape.
        target.add(0L);
      } else if (!inferred) {
        inferred = true;
        target.add(-1L);
      } else {
        return op("Reshape", x, shape(to));
      }
    }
    return op("Reshape", x, longs(target));
  }

  /** Repeats dimensions of size 1, and adds dimensions in front. */
  String expand(String x, List<Dim> from, List<Dim> to) {
    if (from.equals(to)) {
      return x;
    }
    List<Dim> target = new ArrayList<>();
    int added = to.size() - from.size();
    for (int i = 0; i < to.size(); i++) {
      boolean kept = i >= added && from.get(i - added).equals(to.get(i));
      target.add(kept ? Dim.of(1) : to.get(i));
    }
    return op("Expand", x, shape(target));
  }

  /** Reorders axes. */
  String transpose(String x, List<Long> order) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return op("Transpose", Map.of("perm", order), x);
      }
    }
    return x;
  }

  /** A vector of sizes; computed at run time where they depend on the batch. */
  String shape(List<Dim> dims) {
    if (dims.stream().allMatch(Dim::isConstant)) {
      return longs(Dim.values(dims));
    }
    List<String> parts = dims.stream().map(this::size).toList();
    return parts.size() == 1 ? parts.get(0) : ops("Concat", Map.of("axis", 0L), 1, parts).get(0);
  }

  /** A vector of one size. */
  private String size(Dim dim) {
    if (dim.isConstant()) {
      return longs(dim.value());
    }
    String product = dim.perBatch() == 1 ? batch() : op("Mul", batch(), longs(dim.perBatch()));
    return dim.constant() == 0 ? product : op("Add", product, longs(dim.constant()));
  }

  private String batch() {
    if (batch == null) {
      String shape = op("Shape", inputs.get(0).name());
      batch = op("Slice", shape, longs(0), longs(1));
    }
    return batch;
  }

  /** The graph, its outputs under the names of these ports. */
  Graph finish(String name, List<Value> values, List<Port> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      String port = outputs.get(i).name();
      nodes.add(
          new Node(
              port + "/Identity",
              "Identity",
              List.of(name(values.get(i))),
              List.of(port),
              Map.of()));
    }
    return new Graph(name, inputs, outputs, initializers, nodes);
  }
}
