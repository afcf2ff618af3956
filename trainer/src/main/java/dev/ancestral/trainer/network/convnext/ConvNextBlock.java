package dev.ancestral.trainer.network.convnext;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.GroupNorm;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.twores.ResidualBlock;
import org.jspecify.annotations.Nullable;

/**
 * A depthwise 7×7 convolution, the timestep added, and two 3×3 convolutions around a shortcut; the
 * hidden layer is twice as wide as the answer. Each normalisation is over all channels together.
 */
final class ConvNextBlock implements ResidualBlock {
  private static final int WIDENING = 2;
  private static final double EPSILON = 1e-5;

  private final Linear timeProjection;
  private final Conv2d depthwise;
  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final GroupNorm norm2;
  private final Conv2d conv2;
  private final @Nullable Conv2d shortcut;
  private final int in;

  ConvNextBlock(Scope scope, int in, int out, int embeddingSize) {
    int hidden = Math.multiplyExact(WIDENING, out);
    this.timeProjection = new Linear(scope.at("mlp", 1), embeddingSize, in);
    this.depthwise = Conv2d.depthwise(scope.at("in_conv"), in, 7);
    this.norm1 = new GroupNorm(scope.at("block", 0), 1, in, EPSILON);
    this.conv1 = new Conv2d(scope.at("block", 1), in, hidden, 3, 1);
    this.norm2 = new GroupNorm(scope.at("block", 3), 1, hidden, EPSILON);
    this.conv2 = new Conv2d(scope.at("block", 4), hidden, out, 3, 1);
    this.shortcut = in == out ? null : Conv2d.pointwise(scope.at("residual_conv"), in, out);
    this.in = in;
  }

  @Override
  public NDArray apply(Pass pass, NDArray x, NDArray time) {
    NDArray hidden = depthwise.apply(pass, x);
    hidden = hidden.add(timeProjection.apply(pass, time).reshape(-1, in, 1, 1));
    hidden = Functions.gelu(conv1.apply(pass, norm1.apply(pass, hidden)));
    hidden = conv2.apply(pass, norm2.apply(pass, hidden));
    return hidden.add(shortcut == null ? x : shortcut.apply(pass, x));
  }
}
