package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * Root-mean-square normalisation (Zhang and Sennrich 2019) over the channels of each pixel: x̂·g
 * with x̂ = √channels·x/max(‖x‖, 1e-12).
 *
 * <p>As separate operations it took half the time of the engine's own norm, forward and backward.
 */
public final class RmsNorm {
  private static final float SQUARED_EPSILON = 1e-24f;
  private static final int[] CHANNEL_AXIS = {1};

  private final Parameter gain;
  private final int channels;

  /** A normalisation with a gain g for each channel, at first 1. */
  public RmsNorm(Scope scope, int channels) {
    this.gain = scope.constant("g", new Shape(1, channels, 1, 1), 1);
    this.channels = channels;
  }

  /** Answers the shape of x, [batch, channels, H, W]. */
  public NDArray apply(Pass pass, NDArray x) {
    return direction(x).mul(scaledGain(pass, x));
  }

  /**
   * x̂·g·(scale + 1) + shift.
   *
   * @param scale [batch, channels, 1, 1]
   * @param shift of the same shape
   */
  public NDArray apply(Pass pass, NDArray x, NDArray scale, NDArray shift) {
    return direction(x).mul(scaledGain(pass, x).mul(scale.add(1))).add(shift);
  }

  /** x/max(‖x‖, ε), with the bound inside the root, whose slope at 0 is infinite. */
  private static NDArray direction(NDArray x) {
    NDArray smallest = x.getManager().create(SQUARED_EPSILON);
    return x.div(x.square().sum(CHANNEL_AXIS, true).maximum(smallest).sqrt());
  }

  /** Small, so that √channels costs no pass over the pixels. */
  private NDArray scaledGain(Pass pass, NDArray x) {
    NDArray factors = pass.value(gain, x.getManager(), 1, channels, 1, 1);
    return factors.mul(x.getManager().create((float) Math.sqrt(channels)));
  }
}
