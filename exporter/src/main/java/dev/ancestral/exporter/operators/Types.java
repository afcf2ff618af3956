package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.trace.Value;
import java.util.List;

/** PyTorch's type promotion, which ONNX leaves to explicit casts. */
final class Types {
  private static final List<ElementType> RISING =
      List.of(
          ElementType.BOOL,
          ElementType.UINT8,
          ElementType.INT8,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.FLOAT16,
          ElementType.FLOAT,
          ElementType.DOUBLE);

  private Types() {}

  /** The type in which DJL hands a number to the engine. */
  static ElementType of(Number number) {
    if (number instanceof Integer) {
      return ElementType.INT32;
    }
    if (number instanceof Float) {
      return ElementType.FLOAT;
    }
    if (number instanceof Double) {
      return ElementType.DOUBLE;
    }
    return number instanceof Byte ? ElementType.INT8 : ElementType.INT64;
  }

  /** The type two arrays are compared in. */
  static ElementType common(Value a, Value b) {
    return common(a.type(), a.rank() == 0, b.type(), b.rank() == 0);
  }

  /** The type an array and a number are compared in. */
  static ElementType common(Value a, Number b) {
    return common(a.type(), a.rank() == 0, of(b), true);
  }

  /** A scalar raises an array's category, but not its width. */
  private static ElementType common(
      ElementType a, boolean aIsScalar, ElementType b, boolean bIsScalar) {
    int categories = a.category().compareTo(b.category());
    if (aIsScalar != bIsScalar && (categories == 0 || (categories > 0) == bIsScalar)) {
      return bIsScalar ? a : b;
    }
    return RISING.indexOf(a) >= RISING.indexOf(b) ? a : b;
  }
}
