package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.Arrays;

/**
 * Group normalisation (Wu and He 2018) over [batch, channels, ...].
 *
 * <p>DJL has none. The engine's own layer norm over a view [batch, groups, rest] with a weight of
 * ones, then the affine map of each channel, took half the time of the mean and variance as
 * separate operations, forward and backward.
 */
public final class GroupNorm {
  private final Parameter weight;
  private final Parameter bias;
  private final int groups;
  private final int channels;
  private final float epsilon;

  /**
   * A normalisation.
   *
   * @throws IllegalArgumentException unless the groups divide the channels
   */
  public GroupNorm(Scope scope, int groups, int channels, double epsilon) {
    if (groups < 1 || channels % groups != 0) {
      throw new IllegalArgumentException(
          "network.norm_num_groups: %d (expected: a divisor of %d channels)"
              .formatted(groups, channels));
    }
    this.weight = scope.constant("weight", new Shape(channels), 1);
    this.bias = scope.constant("bias", new Shape(channels), 0);
    this.groups = groups;
    this.channels = channels;
    this.epsilon = (float) epsilon;
  }

  /** Answers the shape of x. */
  public NDArray apply(Pass pass, NDArray x) {
    if (x instanceof WholeOperations whole) {
      return whole.groupNorm(groups, pass.value(weight), pass.value(bias), epsilon);
    }
    Shape shape = x.getShape();
    long rest = shape.slice(1).size() / groups;
    NDArray rows = x.reshape(-1, groups, rest);
    NDArray normal =
        rows.getNDArrayInternal()
            .layerNorm(
                rows,
                new Shape(rest),
                x.getManager().ones(new Shape(rest)),
                x.getManager().zeros(new Shape(rest)),
                epsilon)
            .singletonOrThrow();
    long[] same = shape.getShape().clone();
    same[0] = -1;
    long[] perChannel = new long[same.length];
    Arrays.fill(perChannel, 1);
    perChannel[1] = channels;
    NDArray scale = pass.value(weight, x.getManager(), perChannel);
    NDArray shift = pass.value(bias, x.getManager(), perChannel);
    return normal.reshape(same).mul(scale).add(shift);
  }
}
