package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Multi-head self-attention among the pixels of [batch, channels, H, W], with group normalisation
 * before and the input added after (Ho et al. 2020, appendix B).
 */
public final class SelfAttention {
  private final GroupNorm norm;
  private final Linear toQuery;
  private final Linear toKey;
  private final Linear toValue;
  private final Linear toOut;
  private final int channels;
  private final int heads;

  /**
   * An attention layer.
   *
   * @param headSize channels of each head
   * @throws IllegalArgumentException unless the head size divides the channels
   */
  public SelfAttention(Scope scope, int channels, int headSize, int groups, double epsilon) {
    if (headSize < 1 || channels % headSize != 0) {
      throw new IllegalArgumentException(
          "network.attention_head_dim: %d (expected: a divisor of %d channels)"
              .formatted(headSize, channels));
    }
    this.norm = new GroupNorm(scope.at("group_norm"), groups, channels, epsilon);
    this.toQuery = new Linear(scope.at("to_q"), channels, channels);
    this.toKey = new Linear(scope.at("to_k"), channels, channels);
    this.toValue = new Linear(scope.at("to_v"), channels, channels);
    this.toOut = new Linear(scope.at("to_out", 0), channels, channels);
    this.channels = channels;
    this.heads = channels / headSize;
  }

  /** Answers the shape of x. */
  public NDArray apply(Pass pass, NDArray x) {
    Shape shape = x.getShape();
    long pixels = shape.get(2) * shape.get(3);
    NDArray normal = norm.apply(pass, x.reshape(-1, channels, pixels));
    NDArray mixed =
        normal instanceof WholeOperations
            ? amongTokens(pass, normal, pixels)
            : amongChannels(pass, normal, pixels);
    return mixed.reshape(-1, channels, shape.get(2), shape.get(3)).add(x);
  }

  /** [batch, channels, pixels] by an operation that wants pixels before channels. */
  private NDArray amongTokens(Pass pass, NDArray normal, long pixels) {
    NDArray tokens = normal.swapAxes(1, 2);
    NDArray query = tokensByHead(toQuery.apply(pass, tokens), pixels);
    NDArray key = tokensByHead(toKey.apply(pass, tokens), pixels);
    NDArray value = tokensByHead(toValue.apply(pass, tokens), pixels);
    NDArray mixed = ((WholeOperations) query).attention(key, value, scale());
    mixed = mixed.swapAxes(1, 2).reshape(-1, pixels, channels);
    return toOut.apply(pass, mixed).swapAxes(1, 2);
  }

  /** [batch, pixels, channels] to [batch, heads, pixels, channels of a head]. */
  private NDArray tokensByHead(NDArray all, long pixels) {
    return all.reshape(-1, pixels, heads, channels / heads).swapAxes(1, 2);
  }

  private float scale() {
    return (float) (1 / Math.sqrt((double) channels / heads));
  }

  /**
   * The same in plain operations: channels stay before pixels all the way, so that nothing is
   * turned but inside the two products.
   */
  private NDArray amongChannels(Pass pass, NDArray normal, long pixels) {
    NDArray query = byHead(toQuery.applyToChannels(pass, normal), pixels);
    NDArray key = byHead(toKey.applyToChannels(pass, normal), pixels);
    NDArray value = byHead(toValue.applyToChannels(pass, normal), pixels);
    NDArray scale = normal.getManager().create(scale());
    NDArray weights = query.swapAxes(2, 3).matMul(key).mul(scale).softmax(-1);
    NDArray mixed = value.matMul(weights.swapAxes(2, 3)).reshape(-1, channels, pixels);
    return toOut.applyToChannels(pass, mixed);
  }

  /** [batch, channels, pixels] to [batch, heads, channels of a head, pixels]. */
  private NDArray byHead(NDArray all, long pixels) {
    return all.reshape(-1, heads, channels / heads, pixels);
  }
}
