package dev.ancestral.exporter;

import dev.ancestral.exporter.onnx.Opset;

/**
 * How a network is written.
 *
 * @param opset version of the operator set
 * @param precision of weights and arithmetic
 */
public record ExportFormat(Opset opset, Precision precision) {
  /** The most widely read operators, in the precision of the training. */
  public static final ExportFormat DEFAULT = new ExportFormat(Opset.DEFAULT, Precision.FP32);
}
