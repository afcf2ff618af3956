package dev.ancestral.exporter.onnx;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network in half precision: weights and the arithmetic of {@link HalfPlan} as float16, inputs
 * and outputs as they were. A value is cast once at most, and never back.
 */
public final class HalfPrecision {
  /** What rounding to half precision costs at most, relative to the number. */
  public static final double UNIT_ROUNDOFF = 0x1p-11;

  /** Smaller numbers are evenly spaced, and lose no more than this one does. */
  public static final double MIN_NORMAL = 0x1p-14;

  /** Ends the name of a weight's copy in single precision, where others read it in half. */
  public static final String KEPT = "_kept";

  /** Ends the name of what was made or stored in half precision and is cast back. */
  private static final String SINGLE = "_single";

  private HalfPrecision() {}

  /**
   * Converts a network.
   *
   * @throws IllegalArgumentException naming the weight that half precision cannot hold
   */
  public static Graph of(Graph graph) {
    ElementTypes types = new ElementTypes(graph);
    return new Rewriting(graph, types, new HalfPlan(graph, types)).run();
  }

  /** The graph as it is written anew. */
  private static final class Rewriting {
    private final Graph graph;
    private final ElementTypes types;
    private final HalfPlan plan;
    private final Map<String, Tensor> initializers = new LinkedHashMap<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, String> casts = new LinkedHashMap<>();

    /** Outputs that are made in half precision, by the name they then have. */
    private final Map<String, String> renamed = new LinkedHashMap<>();

    Rewriting(Graph graph, ElementTypes types, HalfPlan plan) {
      this.graph = graph;
      this.types = types;
      this.plan = plan;
    }

    Graph run() {
      for (Port port : graph.outputs()) {
        if (plan.isHalf(port.name())) {
          renamed.put(port.name(), port.name() + "_half");
        }
      }
      for (Node node : graph.nodes()) {
        List<String> inputs = new ArrayList<>();
        node.inputs().forEach(in -> inputs.add(input(in, node)));
        nodes.add(node.renamed(renamed).withInputs(inputs));
      }
      renamed.forEach((port, half) -> nodes.add(cast(port, half, port, ElementType.FLOAT)));
      return new Graph(graph.name(), graph.inputs(), graph.outputs(), initializers, nodes);
    }

    /** The value as this node reads it. */
    private String input(String name, Node node) {
      if (name.isEmpty() || !types.isFloat(name)) {
        Tensor tensor = graph.initializers().get(name);
        if (tensor != null) {
          initializers.put(name, tensor);
        }
        return name;
      }
      boolean half = plan.isHalf(node);
      Tensor tensor = graph.initializers().get(name);
      if (tensor == null) {
        // A cast takes what there is.
        return half == plan.isHalf(name) || node.operator().equals("Cast")
            ? renamed.getOrDefault(name, name)
            : half
                ? converted(name, name + "_half", ElementType.FLOAT16)
                : converted(name, name + SINGLE, ElementType.FLOAT);
      }
      if (!half && plan.isHalf(name) && !plan.isProductOfConstants(node)) {
        // Somebody else reads the weight in half precision.
        initializers.put(name + KEPT, tensor);
        return name + KEPT;
      }
      if (!plan.isHalf(name)) {
        initializers.put(name, tensor);
        return name;
      }
      initializers.computeIfAbsent(name, ignored -> halved(name, tensor));
      // Under another name than the weight itself, which somebody else may read.
      return half ? name : converted(name, name + SINGLE, ElementType.FLOAT);
    }

    private String converted(String name, String result, ElementType to) {
      return casts.computeIfAbsent(
          name,
          ignored -> {
            nodes.add(cast(name, renamed.getOrDefault(name, name), result, to));
            return result;
          });
    }

    private static Node cast(String name, String from, String result, ElementType to) {
      return new Node(
          name + "/Cast", "Cast", List.of(from), List.of(result), Map.of("to", (long) to.code()));
    }
  }

  private static Tensor halved(String name, Tensor tensor) {
    FloatBuffer numbers =
        tensor.data().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    ByteBuffer halves =
        ByteBuffer.allocate(numbers.remaining() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (numbers.hasRemaining()) {
      float number = numbers.get();
      if (!(Math.abs(number) <= HalfFloat.MAX)) {
        throw new IllegalArgumentException(
            "%s: %s (expected: at most %.0f in magnitude, for half precision)"
                .formatted(name, number, HalfFloat.MAX));
      }
      halves.putShort(HalfFloat.bits(number));
    }
    return new Tensor(ElementType.FLOAT16, tensor.dims(), ByteString.copyFrom(halves.flip()));
  }
}
