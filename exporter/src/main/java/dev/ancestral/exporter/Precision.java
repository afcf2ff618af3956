package dev.ancestral.exporter;

import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.HalfPrecision;
import java.util.Locale;

/** How many digits the exported network computes with. Its inputs and outputs are float32. */
public enum Precision {
  /** Single precision, as it was trained. */
  FP32,
  /** Half precision, but for what that would spoil: {@link HalfPrecision}. */
  FP16;

  /**
   * A traced network in this precision.
   *
   * @throws IllegalArgumentException naming the weight that it cannot hold
   */
  Graph convert(Graph traced) {
    return switch (this) {
      case FP32 -> traced;
      case FP16 -> HalfPrecision.of(traced);
    };
  }

  /** Its name on the command line and in a bundle. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
