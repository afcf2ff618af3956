package dev.ancestral.exporter.proof;

import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import java.nio.ByteOrder;

/** How far two answers are apart, and how far they may be. */
public final class Difference {
  private Difference() {}

  /**
   * Compares max|Δ| with what the largest expected number allows.
   *
   * @param name what was compared
   * @throws ProofException if type or shape differ, a number is not finite, or the difference
   *     exceeds the tolerance
   */
  public static ParityFigure between(
      String name, Tensor expected, Tensor actual, Tolerance tolerance) {
    if (expected.type() != actual.type() || !expected.dims().equals(actual.dims())) {
      throw new ProofException(
          "%s: %s %s (expected: %s %s)"
              .formatted(name, actual.type(), actual.dims(), expected.type(), expected.dims()));
    }
    double[] y = expected.numbers();
    double[] z = actual.numbers();
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < y.length; i++) {
      largest = Math.max(largest, Math.abs(y[i]));
      // Math.max keeps NaN, so one lost number is not outvoted.
      difference = Math.max(difference, y[i] == z[i] ? 0 : Math.abs(y[i] - z[i]));
    }
    double allowed = tolerance.of(largest);
    if (!(difference <= allowed) || Double.isInfinite(largest)) {
      throw new ProofException(
          "%s: the exported network differs by %.3g (expected: at most %.3g)"
              .formatted(name, difference, allowed));
    }
    return new ParityFigure(name, difference, allowed);
  }

  /** The numbers of a float tensor in row-major order. */
  public static float[] floats(Tensor tensor) {
    if (tensor.type() != ElementType.FLOAT) {
      throw new IllegalArgumentException("%s (expected: FLOAT)".formatted(tensor.type()));
    }
    float[] floats = new float[Math.toIntExact(Tensor.elements(tensor.dims()))];
    tensor.data().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }
}
