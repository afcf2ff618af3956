package dev.ancestral.exporter.onnx;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which operations of a network are computed in half precision. Pure.
 *
 * <p>Products with what flows through the network are, and so are activations. What picks or moves
 * numbers, or works on each alone, follows its inputs. Everything else stays in single precision:
 * normalisations, softmax, reductions, powers and transcendental functions, and whatever is
 * computed from the graph's inputs before the first product, as a timestep's embedding. So do those
 * of the former that half precision would spoil: squares, which overflow at 256; quotients of two
 * computed values; a difference of which one side has all its digits; sums written as products with
 * ones; and arithmetic with a number that half precision does not hold.
 */
final class HalfPlan {
  private static final Set<String> PRODUCTS = Set.of("Conv", "Gemm", "MatMul");
  private static final Set<String> ACTIVATIONS =
      Set.of(
          "Elu",
          "Erf",
          "Gelu",
          "LeakyRelu",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Softsign",
          "Tanh");
  private static final Set<String> ARITHMETIC =
      Set.of("Abs", "Add", "Clip", "Div", "Max", "Min", "Mul", "Neg", "Sub", "Where");
  private static final Set<String> MOVES =
      Set.of(
          "Concat",
          "Expand",
          "Gather",
          "GatherElements",
          "GlobalMaxPool",
          "Identity",
          "MaxPool",
          "Pad",
          "Reshape",
          "Slice",
          "Split",
          "Squeeze",
          "Tile",
          "Transpose",
          "Unsqueeze");

  private final Graph graph;
  private final ElementTypes types;

  /** Values that are the same in every call. */
  private final Set<String> constants;

  /** Constants that are neither stored nor moved. */
  private final Set<String> computedConstants = new HashSet<>();

  /** Values that are computed from the inputs without a product. */
  private final Set<String> given = new HashSet<>();

  private final Set<String> halfValues = new HashSet<>();
  private final Set<Node> halfNodes = new HashSet<>();

  HalfPlan(Graph graph, ElementTypes types) {
    this.graph = graph;
    this.types = types;
    this.constants = new HashSet<>(graph.initializers().keySet());
    graph.inputs().forEach(port -> given.add(port.name()));
    graph.nodes().forEach(this::decide);
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      readAsStored(graph.nodes().get(i));
    }
  }

  /** Whether a node is computed in half precision. */
  boolean isHalf(Node node) {
    return halfNodes.contains(node);
  }

  /** Whether a value is stored, or made, in half precision. */
  boolean isHalf(String value) {
    return halfValues.contains(value);
  }

  /** Whether a node is a product of constants, which runtimes compute once, at load. */
  boolean isProductOfConstants(Node node) {
    return PRODUCTS.contains(node.operator()) && constants.containsAll(node.outputs());
  }

  private void decide(Node node) {
    List<String> floats = node.inputs().stream().filter(types::isFloat).toList();
    List<String> live =
        node.inputs().stream().filter(in -> !in.isEmpty() && !constants.contains(in)).toList();
    if (live.isEmpty()) {
      constants.addAll(node.outputs());
      if (!MOVES.contains(node.operator())) {
        computedConstants.addAll(node.outputs());
      }
      return;
    }
    List<String> flowing = floats.stream().filter(live::contains).toList();
    if (isComputedInHalf(node, floats, flowing)) {
      halfNodes.add(node);
      halfValues.addAll(node.outputs());
    }
    boolean isProduct = PRODUCTS.contains(node.operator()) || isLookUp(node, flowing);
    if (!isProduct && given.containsAll(live)) {
      given.addAll(node.outputs());
    }
  }

  private boolean isComputedInHalf(Node node, List<String> floats, List<String> flowing) {
    boolean makesFloats = types.isFloat(node.outputs().get(0));
    boolean follows = flowing.stream().anyMatch(halfValues::contains);
    if (!makesFloats) {
      return false;
    }
    if (PRODUCTS.contains(node.operator())) {
      return floats.stream().noneMatch(this::isOnes);
    }
    if (ACTIVATIONS.contains(node.operator())) {
      return !given.containsAll(flowing);
    }
    if (MOVES.contains(node.operator())) {
      return (follows && floats.stream().allMatch(this::isHeld)) || isLookUp(node, flowing);
    }
    return ARITHMETIC.contains(node.operator()) && follows && isHarmless(node, floats, flowing);
  }

  /** Rows of a table of weights. */
  private static boolean isLookUp(Node node, List<String> flowing) {
    return node.operator().equals("Gather") && flowing.isEmpty();
  }

  private boolean isHarmless(Node node, List<String> floats, List<String> flowing) {
    boolean isMixed = !halfValues.containsAll(flowing);
    boolean spoils =
        switch (node.operator()) {
          case "Mul" -> node.inputs().get(0).equals(node.inputs().get(1));
          case "Div" -> flowing.contains(node.inputs().get(1));
          case "Sub" -> isMixed;
          default -> false;
        };
    return !spoils && floats.stream().allMatch(this::isHeld);
  }

  /** One number alone must keep its digits; of weights those near zero may lose some. */
  private boolean isHeld(String value) {
    Tensor tensor = graph.initializers().get(value);
    return tensor == null
        || Tensor.elements(tensor.dims()) != 1
        || HalfFloat.holds(tensor.numbers()[0]);
  }

  private boolean isOnes(String value) {
    Tensor tensor = graph.initializers().get(value);
    return tensor != null && tensor.equals(Tensor.filled(tensor.type(), tensor.dims(), 1));
  }

  /**
   * Constants are stored in half precision if anybody reads them so, or multiplies them with other
   * constants; what moves them hands that on. The nodes come last first.
   */
  private void readAsStored(Node node) {
    boolean isMovedConstant =
        MOVES.contains(node.operator()) && constants.containsAll(node.outputs());
    if (isMovedConstant && node.outputs().stream().anyMatch(halfValues::contains)) {
      halfNodes.add(node);
    }
    if (isHalf(node) || isProductOfConstants(node)) {
      node.inputs().stream()
          .filter(in -> constants.contains(in) && !computedConstants.contains(in))
          .filter(types::isFloat)
          .forEach(halfValues::add);
    }
  }
}
