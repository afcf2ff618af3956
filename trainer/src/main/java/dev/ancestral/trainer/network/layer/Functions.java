package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Functions of arrays that have no parameters. */
public final class Functions {
  private Functions() {}

  /** x·σ(x) (Elfwing et al. 2018). */
  public static NDArray silu(NDArray x) {
    return x instanceof WholeOperations whole
        ? whole.silu()
        : x.mul(x.getNDArrayInternal().sigmoid());
  }

  /** x·Φ(x) with the normal distribution's Φ itself, not its tanh (Hendrycks and Gimpel 2016). */
  public static NDArray gelu(NDArray x) {
    return x.getNDArrayInternal().gelu();
  }

  /** ln(1 + eˣ). */
  public static NDArray softplus(NDArray x) {
    return x.getNDArrayInternal().softPlus();
  }

  /** The derivative of {@link #softplus}, σ(x). */
  public static NDArray softplusSlope(NDArray x) {
    return x.getNDArrayInternal().sigmoid();
  }

  /**
   * Dropout while training; x itself otherwise.
   *
   * @param rate share of the numbers set to zero, below 1
   */
  public static NDArray dropout(Pass pass, NDArray x, double rate) {
    if (!pass.training() || rate == 0) {
      return x;
    }
    return x.getNDArrayInternal().dropout(x, (float) rate, true).singletonOrThrow();
  }

  /**
   * Doubles height and width of [batch, C, H, W] by repeating: as nearest-neighbour interpolation,
   * which took 1.6 times as long.
   */
  public static NDArray upsampleNearest(NDArray x) {
    if (x instanceof WholeOperations whole) {
      return whole.upsampleNearest();
    }
    Shape shape = x.getShape();
    long channels = shape.get(1);
    long height = shape.get(2);
    long width = shape.get(3);
    NDArray columns = x.reshape(-1, channels, height, 1, width, 1);
    NDArray wide = columns.concat(columns, 5);
    return wide.concat(wide, 3).reshape(-1, channels, 2 * height, 2 * width);
  }
}
