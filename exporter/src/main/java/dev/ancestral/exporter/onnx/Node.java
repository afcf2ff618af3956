package dev.ancestral.exporter.onnx;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One operation.
 *
 * @param name unique in the graph; its first part says which part of the network it belongs to
 * @param operator ONNX's operator
 * @param inputs names of values; an empty name leaves an optional input out
 * @param outputs names of the values it makes
 * @param attributes {@code Long}, {@code Float}, {@code String} or {@code List<Long>} by name
 */
public record Node(
    String name,
    String operator,
    List<String> inputs,
    List<String> outputs,
    Map<String, Object> attributes) {
  /** Copies; attributes in the order of their names, so that the same graph gives the same file. */
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }

  /** This node with other inputs. */
  Node withInputs(List<String> others) {
    return new Node(name, operator, others, outputs, attributes);
  }

  /** This node where values are called by other names. */
  Node renamed(Map<String, String> names) {
    return new Node(
        name,
        operator,
        inputs.stream().map(in -> names.getOrDefault(in, in)).toList(),
        outputs.stream().map(out -> names.getOrDefault(out, out)).toList(),
        attributes);
  }
}
