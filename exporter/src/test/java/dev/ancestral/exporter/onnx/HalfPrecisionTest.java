package dev.ancestral.exporter.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {
  private static final Port T = new Port("t", ElementType.FLOAT, List.of(4L));
  private static final Port Y = new Port("y", ElementType.FLOAT, List.of(4L));
  private static final Tensor WEIGHT = Tensor.filled(ElementType.FLOAT, List.of(4L, 4L), 0.3);

  private final Map<String, Tensor> initializers = new TreeMap<>(Map.of("w", WEIGHT));
  private final List<Node> nodes = new ArrayList<>();

  private void node(String operator, String output, String... inputs) {
    nodes.add(
        new Node(output + "/" + operator, operator, List.of(inputs), List.of(output), Map.of()));
  }

  /** What a graph computes, without its casts' names. */
  private List<String> converted() {
    Graph half = HalfPrecision.of(new Graph("small", List.of(T), List.of(Y), initializers, nodes));
    return half.nodes().stream()
        .map(node -> "%s %s".formatted(node.operator(), node.inputs()))
        .toList();
  }

  @Test
  void aProductIsHalf_betweenInputsAndOutputsInFloat() {
    node("MatMul", "y", "t", "w");
    assertEquals(List.of("Cast [t]", "MatMul [t_half, w]", "Cast [y_half]"), converted());
  }

  @Test
  void whatIsComputedBeforeTheFirstProduct_asATimestepsEmbedding_keepsItsDigits() {
    node("Mul", "angle", "t", "w");
    node("Sigmoid", "s", "angle");
    node("MatMul", "y", "s", "w");
    initializers.put("w", WEIGHT);
    assertEquals("Mul [t, w_single]", converted().get(0));
    assertEquals("Sigmoid [angle]", converted().get(1));
  }

  @Test
  void aValueIsCastOnce_howeverManyReadIt() {
    node("MatMul", "a", "t", "w");
    node("Softmax", "s", "a");
    node("MatMul", "b", "s", "w");
    node("MatMul", "c", "s", "w");
    node("Add", "y", "b", "c");
    assertEquals(
        List.of(
            "Cast [t]",
            "MatMul [t_half, w]",
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
    node("MatMul", "a", "t", "w");
    node("Mul", "square", "a", "a");
    node("Div", "y", "a", "square");
    assertEquals(
        List.of(
            "Cast [t]",
            "MatMul [t_half, w]",
            "Cast [a]",
            "Mul [a_single, a_single]",
            "Div [a_single, square]"),
        converted());
  }

  @Test
  void arithmeticWithANumberThatIsTooSmallKeepsItsDigits() {
    initializers.put("epsilon", Tensor.scalar(ElementType.FLOAT, 1e-12));
    initializers.put("two", Tensor.scalar(ElementType.FLOAT, 2));
    node("MatMul", "a", "t", "w");
    node("Mul", "b", "a", "two");
    node("Max", "y", "b", "epsilon");
    assertEquals(
        List.of(
            "Cast [t]",
            "MatMul [t_half, w]",
            "Mul [a, two]",
            "Cast [b]",
            "Max [b_single, epsilon]"),
        converted());
  }

  @Test
  void aSumWrittenAsAProductWithOnesKeepsItsDigits() {
    initializers.put("ones", Tensor.filled(ElementType.FLOAT, List.of(4L, 1L), 1));
    node("MatMul", "y", "t", "ones");
    assertEquals(List.of("MatMul [t, ones]"), converted());
  }

  @Test
  void aWeightThatHalfPrecisionCannotHoldIsNamed() {
    initializers.put("w", Tensor.filled(ElementType.FLOAT, List.of(4L, 4L), 70000));
    node("MatMul", "y", "t", "w");
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, this::converted);
    assertEquals(
        "w: 70000.0 (expected: at most 65504 in magnitude, for half precision)", e.getMessage());
  }
}
