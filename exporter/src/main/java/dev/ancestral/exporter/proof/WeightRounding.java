package dev.ancestral.exporter.proof;

import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.HalfPrecision;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares the weights of a network in half precision with those it was made from, number by
 * number. In predictions, one wrong weight deep inside can be lost among the roundings.
 */
public final class WeightRounding {
  private WeightRounding() {}

  /**
   * The largest difference, relative to the weight; at most 2⁻¹¹ is allowed, and none of a weight
   * that stays as it was.
   *
   * @throws ProofException naming the weight that differs by more
   */
  public static ParityFigure compare(Graph single, Graph half) {
    double worst = 0;
    for (Map.Entry<String, Tensor> entry : half.initializers().entrySet()) {
      String name = entry.getKey();
      Tensor weight = entry.getValue();
      Tensor original = original(single, name);
      if (original == null || !original.dims().equals(weight.dims())) {
        throw new ProofException(
            name
                + ": is no weight of the network in float32 (expected: one of this name and shape)");
      }
      boolean rounded = weight.type() == ElementType.FLOAT16;
      if (!rounded && !weight.equals(original)) {
        throw new ProofException(
            "weights: %s differs (expected: the same, since it is not rounded)".formatted(name));
      }
      double difference = rounded ? relative(original.numbers(), weight.numbers()) : 0;
      if (!(difference <= HalfPrecision.UNIT_ROUNDOFF)) {
        throw new ProofException(
            "weights: %s differs by %.3g of itself (expected: at most %.3g, half a unit in the last place of float16)"
                .formatted(name, difference, HalfPrecision.UNIT_ROUNDOFF));
      }
      worst = Math.max(worst, difference);
    }
    return new ParityFigure(
        "weights rounded to float16, relative", worst, HalfPrecision.UNIT_ROUNDOFF);
  }

  private static @Nullable Tensor original(Graph single, String name) {
    Tensor tensor = single.initializers().get(name);
    return tensor == null && name.endsWith(HalfPrecision.KEPT)
        ? single.initializers().get(name.substring(0, name.length() - HalfPrecision.KEPT.length()))
        : tensor;
  }

  private static double relative(double[] expected, double[] actual) {
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      double size = Math.max(Math.abs(expected[i]), HalfPrecision.MIN_NORMAL);
      worst = Math.max(worst, Math.abs(expected[i] - actual[i]) / size);
    }
    return worst;
  }
}
