package dev.ancestral.trainer.run;

import java.util.List;

/**
 * One array of a {@link Safetensors} file.
 *
 * @param shape its lengths
 * @param values as many as the shape holds, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record Tensor(List<Long> shape, float[] values) {
  /** Checks that shape and values agree. */
  public Tensor {
    shape = List.copyOf(shape);
    long size = shape.stream().reduce(1L, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "tensor of shape %s: %d values (expected: %d)".formatted(shape, values.length, size));
    }
  }
}
