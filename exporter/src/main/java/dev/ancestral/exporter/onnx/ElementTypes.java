package dev.ancestral.exporter.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Which type the numbers of each value in a graph have. */
final class ElementTypes {
  private final Map<String, ElementType> types = new HashMap<>();

  ElementTypes(Graph graph) {
    graph.inputs().forEach(port -> types.put(port.name(), port.type()));
    graph.initializers().forEach((name, tensor) -> types.put(name, tensor.type()));
    for (Node node : graph.nodes()) {
      for (int i = 0; i < node.outputs().size(); i++) {
        types.put(node.outputs().get(i), output(node, i));
      }
    }
  }

  private ElementType output(Node node, int index) {
    return switch (node.operator()) {
      case "Cast" -> ofCode((Long) Objects.requireNonNull(node.attributes().get("to")));
      case "Shape", "ArgMax", "ArgMin" -> ElementType.INT64;
      case "TopK" -> index == 0 ? of(node.inputs().get(0)) : ElementType.INT64;
      case "Equal",
          "Less",
          "LessOrEqual",
          "Greater",
          "GreaterOrEqual",
          "And",
          "Or",
          "Xor",
          "Not",
          "IsNaN",
          "IsInf" ->
          ElementType.BOOL;
      case "Where" -> of(node.inputs().get(1));
      case "OneHot" -> of(node.inputs().get(2));
      default -> of(node.inputs().get(0));
    };
  }

  private static ElementType ofCode(long code) {
    return Arrays.stream(ElementType.values())
        .filter(type -> type.code() == code)
        .findFirst()
        .orElseThrow();
  }

  /** The type of a value. */
  ElementType of(String value) {
    return Objects.requireNonNull(types.get(value), () -> value + " is not in the graph");
  }

  /** Whether these are single-precision numbers; an input that was left out has none. */
  boolean isFloat(String value) {
    return !value.isEmpty() && of(value) == ElementType.FLOAT;
  }
}
