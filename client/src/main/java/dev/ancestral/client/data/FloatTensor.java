package dev.ancestral.client.data;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.ancestral.v1.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Floats with a shape, row-major. The array is not copied: who hands it over does not write to it
 * again.
 */
public final class FloatTensor {
  private final List<Long> shape;
  private final float[] values;

  /**
   * A tensor of these values.
   *
   * @param shape outermost first
   * @throws IllegalArgumentException if the shape does not hold that many values
   */
  public FloatTensor(List<Long> shape, float[] values) {
    this.shape = List.copyOf(shape);
    this.values = values;
    if (elements(shape) != values.length) {
      throw new IllegalArgumentException(
          "tensor: %d values (expected: %d, as shape %s has)"
              .formatted(values.length, elements(shape), shape));
    }
  }

  /**
   * Reads a message of the wire.
   *
   * @throws IllegalArgumentException if it is not float32, or its shape does not hold its bytes
   */
  public static FloatTensor of(Tensor tensor) {
    if (!tensor.hasFloat32()) {
      throw new IllegalArgumentException(
          "tensor: is %s (expected: FLOAT32)".formatted(tensor.getDataCase()));
    }
    return new FloatTensor(tensor.getShapeList(), floats(tensor.getFloat32()));
  }

  /** As a message of the wire: float32, little-endian. */
  public Tensor toMessage() {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return Tensor.newBuilder()
        .addAllShape(shape)
        .setFloat32(UnsafeByteOperations.unsafeWrap(bytes))
        .build();
  }

  /** The shape, outermost first. */
  public List<Long> shape() {
    return shape;
  }

  /** The values, row-major; not a copy. */
  public float[] values() {
    return values;
  }

  /** How many values a shape holds. */
  static long elements(List<Long> shape) {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  private static float[] floats(ByteString bytes) {
    float[] values = new float[bytes.size() / Float.BYTES];
    bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
