package dev.ancestral.exporter.onnx;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as ONNX sees it: constants, and operations in an order in which each finds its inputs
 * made.
 *
 * @param name of the network
 * @param inputs what callers give
 * @param outputs what callers get
 * @param initializers weights and constants by name
 * @param nodes the operations
 */
public record Graph(
    String name,
    List<Port> inputs,
    List<Port> outputs,
    Map<String, Tensor> initializers,
    List<Node> nodes) {
  /** Copies, keeping the order. */
  public Graph {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    initializers = Collections.unmodifiableMap(new LinkedHashMap<>(initializers));
    nodes = List.copyOf(nodes);
  }
}
