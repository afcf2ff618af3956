package dev.ancestral.exporter.trace;

import dev.ancestral.exporter.onnx.ElementType;
import java.util.List;

/**
 * An array in the recording: an input, a parameter, a constant, or what an operation made.
 *
 * @param id its number, unique in the graph
 * @param type of its numbers
 * @param dims its shape for any batch size
 */
public record Value(int id, ElementType type, List<Dim> dims) {
  /** Copies the shape. */
  public Value {
    dims = List.copyOf(dims);
  }

  /** How many dimensions. */
  public int rank() {
    return dims.size();
  }

  /** The axis counted from the front, whichever end it was counted from. */
  public int axis(long axis) {
    return Math.toIntExact(axis < 0 ? axis + rank() : axis);
  }
}
