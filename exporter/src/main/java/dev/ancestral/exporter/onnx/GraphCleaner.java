package dev.ancestral.exporter.onnx;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of a graph what does not change its outputs: copies, a reshape that another one
 * follows, and whatever nobody reads. Pure.
 */
public final class GraphCleaner {
  private GraphCleaner() {}

  /** The same function of the inputs in fewer nodes. */
  public static Graph clean(Graph graph) {
    return withoutUnread(withOutputsNamed(withoutDetours(graph)));
  }

  /** Where an output is a copy of what a node makes, the node makes the output. */
  private static Graph withOutputsNamed(Graph graph) {
    Map<String, String> renamed = new HashMap<>();
    Set<String> made = new HashSet<>();
    graph.nodes().forEach(node -> made.addAll(node.outputs()));
    for (Port port : graph.outputs()) {
      for (Node node : graph.nodes()) {
        String source = node.inputs().isEmpty() ? "" : node.inputs().get(0);
        if (node.operator().equals("Identity")
            && node.outputs().contains(port.name())
            && made.contains(source)) {
          renamed.putIfAbsent(source, port.name());
        }
      }
    }
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node named = node.renamed(renamed);
      if (!named.inputs().equals(named.outputs())) {
        nodes.add(named);
      }
    }
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes);
  }

  /** Readers of a copy, or of a reshape that they undo anyway, read its input instead. */
  private static Graph withoutDetours(Graph graph) {
    Map<String, String> copies = new HashMap<>();
    Map<String, String> reshapes = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    Set<String> outputs = new HashSet<>();
    graph.outputs().forEach(port -> outputs.add(port.name()));
    for (Node original : graph.nodes()) {
      Node node =
          original.withInputs(
              original.inputs().stream().map(in -> copies.getOrDefault(in, in)).toList());
      if (node.operator().equals("Reshape") && isAbsolute(graph, node)) {
        String source = node.inputs().get(0);
        String first = reshapes.getOrDefault(source, source);
        node = node.withInputs(List.of(first, node.inputs().get(1)));
        reshapes.put(node.outputs().get(0), first);
      }
      if (node.operator().equals("Identity") && !outputs.contains(node.outputs().get(0))) {
        copies.put(node.outputs().get(0), node.inputs().get(0));
      } else {
        nodes.add(node);
      }
    }
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes);
  }

  /** Whether the target shape is known and copies no dimension from the input. */
  private static boolean isAbsolute(Graph graph, Node reshape) {
    Tensor target = graph.initializers().get(reshape.inputs().get(1));
    if (target == null) {
      return false;
    }
    var longs = target.data().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    while (longs.hasRemaining()) {
      if (longs.get() == 0) {
        return false;
      }
    }
    return true;
  }

  private static Graph withoutUnread(Graph graph) {
    Set<String> read = new HashSet<>();
    graph.outputs().forEach(port -> read.add(port.name()));
    List<Node> kept = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.outputs().stream().anyMatch(read::contains)) {
        kept.add(node);
        read.addAll(node.inputs());
      }
    }
    Collections.reverse(kept);
    Map<String, Tensor> initializers = new LinkedHashMap<>(graph.initializers());
    initializers.keySet().retainAll(read);
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), initializers, kept);
  }
}
