package dev.ancestral.trainer.data.npy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The types of numbers that are read, as numpy calls them. */
public enum NumberType {
  UINT8("u1"),
  UINT16("u2"),
  UINT32("u4"),
  INT8("i1"),
  INT16("i2"),
  INT32("i4"),
  INT64("i8"),
  FLOAT32("f4"),
  FLOAT64("f8");

  private final String code;

  NumberType(String code) {
    this.code = code;
  }

  /** Of a code such as {@code f4}. */
  static Optional<NumberType> of(String code) {
    return Arrays.stream(values()).filter(type -> type.code.equals(code)).findFirst();
  }

  /** Bytes of a number. */
  int bytes() {
    return code.charAt(1) - '0';
  }

  /** Whether it has no fractions. */
  public boolean isWhole() {
    return code.charAt(0) != 'f';
  }

  /** The number at a byte, in the order of the buffer. */
  double read(ByteBuffer from, int at) {
    return switch (this) {
      case UINT8 -> from.get(at) & 0xFF;
      case UINT16 -> from.getShort(at) & 0xFFFF;
      case UINT32 -> from.getInt(at) & 0xFFFF_FFFFL;
      case INT8 -> from.get(at);
      case INT16 -> from.getShort(at);
      case INT32 -> from.getInt(at);
      case INT64 -> (double) from.getLong(at);
      case FLOAT32 -> from.getFloat(at);
      case FLOAT64 -> from.getDouble(at);
    };
  }
}
