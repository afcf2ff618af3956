package dev.ancestral.exporter.onnx;

/** IEEE 754's binary16, which Java has no conversion to before version 20. */
final class HalfFloat {
  /** The largest finite number. */
  static final float MAX = 65504;

  private static final int MIN_EXPONENT = -14;
  private static final int MAX_EXPONENT = 15;
  private static final int MANTISSA_BITS = 10;
  private static final int INFINITY = 0x7C00;
  private static final int NAN = 0x7E00;
  private static final int SIGN = 0x8000;

  private HalfFloat() {}

  /** The nearest number's bits, ties to even; infinity from 65520 on. */
  static short bits(float value) {
    int sign = (Float.floatToRawIntBits(value) >>> 16) & SIGN;
    if (Float.isNaN(value)) {
      return (short) (sign | NAN);
    }
    double magnitude = Math.abs((double) value);
    // Zero's exponent is below every other.
    int exponent = Math.max(Math.getExponent(magnitude), MIN_EXPONENT);
    if (exponent > MAX_EXPONENT) {
      return (short) (sign | INFINITY);
    }
    // In units of the last place; what rounds up to a power of two carries into the exponent.
    int units = (int) Math.rint(Math.scalb(magnitude, MANTISSA_BITS - exponent));
    int biased = (exponent - MIN_EXPONENT) << MANTISSA_BITS;
    return (short) (sign | Math.min(biased + units, INFINITY));
  }

  /** The number of these bits. */
  static float value(short bits) {
    int exponent = (bits & INFINITY) >>> MANTISSA_BITS;
    int mantissa = bits & ((1 << MANTISSA_BITS) - 1);
    float magnitude;
    if ((bits & INFINITY) == INFINITY) {
      magnitude = mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
    } else {
      int units = exponent == 0 ? mantissa : mantissa | (1 << MANTISSA_BITS);
      magnitude =
          Math.scalb((float) units, Math.max(exponent, 1) - 1 + MIN_EXPONENT - MANTISSA_BITS);
    }
    return (bits & SIGN) == 0 ? magnitude : -magnitude;
  }

  /** Whether a number keeps eleven digits: it is zero, or neither too large nor too small. */
  static boolean holds(double value) {
    double magnitude = Math.abs(value);
    return magnitude == 0 || (magnitude >= HalfPrecision.MIN_NORMAL && magnitude <= MAX);
  }
}
