package dev.ancestral.exporter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Small networks of products of a vector t with a matrix w, which give y. */
class HalfPrecisionTest {
  private static final List<Long> VECTOR = List.of(4L);
  private static final List<Long> MATRIX = List.of(4L, 4L);

  private final Map<String, Tensor> initializers =
      new TreeMap<>(Map.of("w", Tensor.filled(ElementType.FLOAT, MATRIX, 0.3)));
  private final List<Node> nodes = new ArrayList<>();

  private void node(String operator, String output, String... inputs) {
    nodes.add(
        new Node(output + "/" + operator, operator, List.of(inputs), List.of(output), Map.of()));
  }

  private void product(String output, String input) {
    node("MatMul", output, input, "w");
  }

  private Graph half() {
    List<Port> inputs = List.of(new Port("t", ElementType.FLOAT, VECTOR));
    List<Port> outputs = List.of(new Port("y", ElementType.FLOAT, VECTOR));
    return HalfPrecision.of(new Graph("small", inputs, outputs, initializers, nodes));
  }

  /** What the network computes in half precision, without its casts' names. */
  private List<String> converted() {
    return half().nodes().stream()
        .map(node -> "%s %s".formatted(node.operator(), node.inputs()))
        .toList();
  }

  /** The product of t and w in half precision, and then these. */
  private static List<String> afterTheProductOfT(String... rest) {
    return Stream.concat(Stream.of("Cast [t]", "MatMul [t_half, w]"), Stream.of(rest)).toList();
  }

  @Test
  void aProductIsHalf_betweenInputsAndOutputsInFloat() {
    product("y", "t");
    assertEquals(afterTheProductOfT("Cast [y_half]"), converted());
  }

  @Test
  void whatIsComputedBeforeTheFirstProduct_asATimestepsEmbedding_keepsItsDigits() {
    node("Mul", "angle", "t", "w");
    node("Sigmoid", "s", "angle");
    product("y", "s");
    assertEquals("Mul [t, w_kept]", converted().get(0));
    assertEquals("Sigmoid [angle]", converted().get(1));
  }

  @Test
  void aValueIsCastOnce_howeverManyReadIt() {
    product("a", "t");
    node("Softmax", "s", "a");
    product("b", "s");
    product("c", "s");
    node("Add", "y", "b", "c");
    assertEquals(
        afterTheProductOfT(
            "Cast [a]",
            "Softmax [a_single]",
            "Cast [s]",
            "MatMul [s_half, w]",
            "MatMul [s_half, w]",
            "Add [b, c]",
            "Cast [y_half]"),
        converted());
  }

  @Test
  void squaresAndWhatIsDividedByThemKeepTheirDigits() {
    product("a", "t");
    node("Mul", "square", "a", "a");
    node("Div", "y", "a", "square");
    assertEquals(
        afterTheProductOfT("Cast [a]", "Mul [a_single, a_single]", "Div [a_single, square]"),
        converted());
  }

  @Test
  void arithmeticWithANumberThatIsTooSmallKeepsItsDigits() {
    initializers.put("epsilon", Tensor.scalar(ElementType.FLOAT, 1e-12));
    initializers.put("two", Tensor.scalar(ElementType.FLOAT, 2));
    product("a", "t");
    node("Mul", "b", "a", "two");
    node("Max", "y", "b", "epsilon");
    assertEquals(
        afterTheProductOfT("Mul [a, two]", "Cast [b]", "Max [b_single, epsilon]"), converted());
  }

  @Test
  void aSumWrittenAsAProductWithOnesKeepsItsDigits() {
    initializers.put("ones", Tensor.filled(ElementType.FLOAT, List.of(4L, 1L), 1));
    node("MatMul", "y", "t", "ones");
    assertEquals(List.of("MatMul [t, ones]"), converted());
  }

  @Test
  void aWeightThatIsReadInEveryWayHasANameForEach() {
    node("MatMul", "square", "w", "w");
    product("a", "t");
    node("Softmax", "s", "a");
    node("Add", "b", "s", "w");
    node("MatMul", "y", "b", "square");
    Graph half = half();
    List<String> names = new ArrayList<>(half.initializers().keySet());
    half.nodes().forEach(node -> names.addAll(node.outputs()));
    assertEquals(names.stream().distinct().toList(), names);
    assertTrue(names.containsAll(List.of("w", "w_kept", "w_single")), names::toString);
  }

  @Test
  void aWeightThatHalfPrecisionCannotHoldIsNamed() {
    initializers.put("w", Tensor.filled(ElementType.FLOAT, MATRIX, 70000));
    product("y", "t");
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, this::converted);
    assertEquals(
        "w: 70000.0 (expected: at most 65504 in magnitude, for half precision)", e.getMessage());
  }
}
