package dev.ancestral.client.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * A type of numbers in a {@code .npy} file: IEEE 754 of 16, 32 or 64 bits, in either order of
 * bytes.
 *
 * @param bytes of a number: 2, 4 or 8
 * @param order of its bytes
 */
record NpyType(int bytes, ByteOrder order) {
  private static final int HALF_FRACTION = 10;
  private static final int FLOAT_FRACTION = 23;

  /** The type of NumPy's {@code descr}, such as {@code <f4}; none for integers and all else. */
  static Optional<NpyType> of(String descr) {
    if (!descr.matches("[<>]f[248]")) {
      return Optional.empty();
    }
    return Optional.of(
        new NpyType(
            descr.charAt(2) - '0',
            descr.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN));
  }

  /** The numbers, of doubles the nearest floats. */
  float[] read(byte[] data) {
    ByteBuffer buffer = ByteBuffer.wrap(data).order(order);
    float[] values = new float[data.length / bytes];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          bytes == Short.BYTES
              ? half(buffer.getShort())
              : bytes == Float.BYTES ? buffer.getFloat() : (float) buffer.getDouble();
    }
    return values;
  }

  /** The same numbers row-major, where the first index ran fastest. */
  static float[] rowMajor(float[] values, List<Long> shape) {
    float[] ordered = new float[values.length];
    long[] index = new long[shape.size()];
    for (int i = 0; i < ordered.length; i++) {
      long place = 0;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        place = place * shape.get(axis) + index[axis];
      }
      ordered[i] = values[(int) place];
      for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.get(axis); axis--) {
        index[axis] = 0;
      }
    }
    return ordered;
  }

  private static float half(short bits) {
    int sign = (bits & 0x8000) << Short.SIZE;
    int exponent = bits >> HALF_FRACTION & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      return (sign == 0 ? 1f : -1f) * fraction * 0x1p-24f;
    }
    int biased = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(
        sign | biased << FLOAT_FRACTION | fraction << (FLOAT_FRACTION - HALF_FRACTION));
  }
}
