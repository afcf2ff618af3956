package dev.ancestral.exporter.onnx;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers with a shape, as ONNX stores them. Equal when type, shape and every byte are.
 *
 * @param type of the numbers
 * @param dims shape; empty for a scalar
 * @param data the numbers, little-endian, in row-major order
 */
public record Tensor(ElementType type, List<Long> dims, ByteString data) {
  /** Checks that the data fill the shape. */
  public Tensor {
    dims = List.copyOf(dims);
    long expected = elements(dims) * type.bytes();
    if (data.size() != expected) {
      throw new IllegalArgumentException(
          "tensor %s%s: %d bytes (expected: %d)".formatted(type, dims, data.size(), expected));
    }
  }

  /** A vector of 64-bit integers. */
  public static Tensor ofLongs(long... values) {
    ByteBuffer buffer = buffer(values.length * Long.BYTES);
    Arrays.stream(values).forEach(buffer::putLong);
    return new Tensor(ElementType.INT64, List.of((long) values.length), wrap(buffer));
  }

  /** A scalar of any type. */
  public static Tensor scalar(ElementType type, Number value) {
    return filled(type, List.of(), value);
  }

  /** A tensor of one number repeated. */
  public static Tensor filled(ElementType type, List<Long> dims, Number value) {
    int count = Math.toIntExact(elements(dims));
    ByteBuffer buffer = buffer(Math.multiplyExact(count, type.bytes()));
    for (int i = 0; i < count; i++) {
      put(buffer, type, value);
    }
    return new Tensor(type, dims, wrap(buffer));
  }

  /** A vector of two numbers, as {@code OneHot} wants them. */
  public static Tensor pair(ElementType type, Number first, Number second) {
    ByteBuffer buffer = buffer(2 * type.bytes());
    put(buffer, type, first);
    put(buffer, type, second);
    return new Tensor(type, List.of(2L), wrap(buffer));
  }

  /** A vector of 32-bit floats. */
  public static Tensor ofFloats(float... values) {
    return ofFloats(List.of((long) values.length), values);
  }

  /** 32-bit floats of this shape. */
  public static Tensor ofFloats(List<Long> dims, float... values) {
    ByteBuffer buffer = buffer(values.length * Float.BYTES);
    for (float value : values) {
      buffer.putFloat(value);
    }
    return new Tensor(ElementType.FLOAT, dims, wrap(buffer));
  }

  /** How many numbers a shape holds. */
  public static long elements(List<Long> dims) {
    return dims.stream().reduce(1L, Math::multiplyExact);
  }

  /** The numbers in row-major order. */
  public double[] numbers() {
    ByteBuffer bytes = data.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    double[] numbers = new double[data.size() / type.bytes()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] =
          switch (type) {
            case FLOAT -> bytes.getFloat();
            case DOUBLE -> bytes.getDouble();
            case INT32 -> bytes.getInt();
            case INT64 -> bytes.getLong();
            case INT8, BOOL -> bytes.get();
            case UINT8 -> bytes.get() & 0xFF;
            case FLOAT16 -> HalfFloat.value(bytes.getShort());
          };
    }
    return numbers;
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteString wrap(ByteBuffer buffer) {
    return ByteString.copyFrom(buffer.flip());
  }

  private static void put(ByteBuffer buffer, ElementType type, Number value) {
    switch (type) {
      case FLOAT -> buffer.putFloat(value.floatValue());
      case DOUBLE -> buffer.putDouble(value.doubleValue());
      case INT32 -> buffer.putInt(value.intValue());
      case INT64 -> buffer.putLong(value.longValue());
      case INT8, UINT8 -> buffer.put(value.byteValue());
      case BOOL -> buffer.put((byte) (value.doubleValue() == 0 ? 0 : 1));
      case FLOAT16 -> buffer.putShort(HalfFloat.bits(value.floatValue()));
    }
  }
}
