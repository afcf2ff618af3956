package dev.ancestral.exporter.onnx;

import java.nio.ByteOrder;
import java.nio.LongBuffer;
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
    Map<String, Node> reshapes = new HashMap<>();
    List<Node> nodes = new ArrayList<>();
    Set<String> outputs = new HashSet<>();
    graph.outputs().forEach(port -> outputs.add(port.name()));
    for (Node original : graph.nodes()) {
      Node node =
          original.withInputs(
              original.inputs().stream().map(in -> copies.getOrDefault(in, in)).toList());
      if (node.operator().equals("Reshape")) {
        Node before = reshapes.get(node.inputs().get(0));
        if (before != null && undoes(graph, node, before)) {
          node = node.withInputs(List.of(before.inputs().get(0), node.inputs().get(1)));
        }
        reshapes.put(node.outputs().get(0), node);
      }
      if (node.operator().equals("Identity") && !outputs.contains(node.outputs().get(0))) {
        copies.put(node.outputs().get(0), node.inputs().get(0));
      } else {
        nodes.add(node);
      }
    }
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), graph.initializers(), nodes);
  }

  /**
   * Whether a reshape gives the same without the one before it: its target is known, and what it
   * copies from its input, the one before copied too.
   */
  private static boolean undoes(Graph graph, Node reshape, Node before) {
    List<Long> target = target(graph, reshape);
    List<Long> earlier = target(graph, before);
    for (int i = 0; i < target.size(); i++) {
      if (target.get(i) == 0 && (i >= earlier.size() || earlier.get(i) != 0)) {
        return false;
      }
    }
    return !target.isEmpty();
  }

  /** The target shape; empty if it is computed. */
  private static List<Long> target(Graph graph, Node reshape) {
    Tensor target = graph.initializers().get(reshape.inputs().get(1));
    if (target == null) {
      return List.of();
    }
    LongBuffer longs =
        target.data().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    List<Long> sizes = new ArrayList<>();
    while (longs.hasRemaining()) {
      sizes.add(longs.get());
    }
    return sizes;
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
