package dev.ancestral.diffusion.sampler;

import java.util.function.DoubleUnaryOperator;

/** Finds where a monotone function has a value, to the last bit. */
final class Bisection {
  private Bisection() {}

  /**
   * The argument at which a falling function has a value.
   *
   * @param low where the function is at least {@code target}
   * @param high where it is at most that
   */
  static double ofFalling(double low, double high, double target, DoubleUnaryOperator falling) {
    double below = low;
    double above = high;
    while (true) {
      double middle = below + (above - below) / 2;
      if (middle <= below || middle >= above) {
        return middle;
      }
      if (falling.applyAsDouble(middle) >= target) {
        below = middle;
      } else {
        above = middle;
      }
    }
  }
}
