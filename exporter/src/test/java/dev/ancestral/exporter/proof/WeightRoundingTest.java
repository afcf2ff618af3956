package dev.ancestral.exporter.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightRoundingTest {
  private static final Graph SINGLE = graph(Map.of("w", weights(ElementType.FLOAT, 0.3)));

  private static Tensor weights(ElementType type, double value) {
    return Tensor.filled(type, List.of(4L), value);
  }

  private static Graph graph(Map<String, Tensor> initializers) {
    return new Graph("small", List.of(), List.of(), initializers, List.of());
  }

  private static double worst(Map<String, Tensor> half) {
    return WeightRounding.compare(SINGLE, graph(half)).maxAbsDifference();
  }

  private static String refusal(Map<String, Tensor> half) {
    return String.valueOf(assertThrows(ProofException.class, () -> worst(half)).getMessage());
  }

  @Test
  void aRoundedWeightDiffersByHalfAUnitAtMost() {
    // The nearest half-precision number is 1229/4096.
    assertEquals(
        (1229 / 4096.0 - 0.3f) / 0.3f, worst(Map.of("w", weights(ElementType.FLOAT16, 0.3))), 1e-9);
    assertEquals(
        "weights: w differs by 0.00179 of itself (expected: at most 0.000488, half a unit in the"
            + " last place of float16)",
        refusal(Map.of("w", weights(ElementType.FLOAT16, 0.3005))));
  }

  @Test
  void aWeightThatIsNotRoundedIsTheSame_underItsOwnNameOrBesideItsRounding() {
    Tensor rounded = weights(ElementType.FLOAT16, 0.3);
    Tensor kept = weights(ElementType.FLOAT, 0.3);
    Tensor wrong = weights(ElementType.FLOAT, 0.30001);
    assertEquals(0, worst(Map.of("w", kept)));
    worst(Map.of("w", rounded, "w_kept", kept));
    assertEquals(
        "weights: w_kept differs (expected: the same, since it is not rounded)",
        refusal(Map.of("w", rounded, "w_kept", wrong)));
    assertEquals(
        "weights: w differs (expected: the same, since it is not rounded)",
        refusal(Map.of("w", wrong)));
  }

  @Test
  void whatIsNoWeightOfTheNetworkIsNamed() {
    assertEquals(
        "v: is no weight of the network in float32 (expected: one of this name and shape)",
        refusal(Map.of("v", weights(ElementType.FLOAT16, 0.3))));
  }
}
