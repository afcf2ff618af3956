package dev.ancestral.exporter.trace;

import dev.ancestral.exporter.onnx.ElementType;
import java.util.List;

/**
 * An array at one batch size.
 *
 * @param id its number in the recording
 * @param type of its numbers
 * @param shape at this batch size
 */
record RecordedValue(int id, ElementType type, List<Long> shape) {
  RecordedValue {
    shape = List.copyOf(shape);
  }
}
