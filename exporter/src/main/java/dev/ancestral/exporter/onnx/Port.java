package dev.ancestral.exporter.onnx;

import java.util.List;

/**
 * An input or output of a graph.
 *
 * @param name what callers call it
 * @param type of its numbers
 * @param row shape of one row; before it stands the dimension {@code batch}, of any size
 */
public record Port(String name, ElementType type, List<Long> row) {
  /** Copies the shape. */
  public Port {
    row = List.copyOf(row);
  }
}
