package dev.ancestral.trainer.network.lucidrains;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.RmsNorm;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.twores.ResidualBlock;
import org.jspecify.annotations.Nullable;

/**
 * Two normalised convolutions around a shortcut; the first one's output is scaled and shifted,
 * channel by channel, by the timestep.
 */
final class ScaleShiftBlock implements ResidualBlock {
  private final Linear timeProjection;
  private final Conv2d conv1;
  private final RmsNorm norm1;
  private final double dropout;
  private final Conv2d conv2;
  private final RmsNorm norm2;
  private final @Nullable Conv2d shortcut;
  private final int out;

  ScaleShiftBlock(Scope scope, int in, int out, int embeddingSize, double dropout) {
    this.timeProjection = new Linear(scope.at("mlp", 1), embeddingSize, 2 * out);
    this.conv1 = new Conv2d(scope.at("block1").at("proj"), in, out, 3, 1);
    this.norm1 = new RmsNorm(scope.at("block1").at("norm"), out);
    this.dropout = dropout;
    this.conv2 = new Conv2d(scope.at("block2").at("proj"), out, out, 3, 1);
    this.norm2 = new RmsNorm(scope.at("block2").at("norm"), out);
    this.shortcut = in == out ? null : Conv2d.pointwise(scope.at("res_conv"), in, out);
    this.out = out;
  }

  @Override
  public NDArray apply(Pass pass, NDArray x, NDArray time) {
    NDList scaleAndShift = timeProjection.apply(pass, time).reshape(-1, 2L * out, 1, 1).split(2, 1);
    NDArray hidden =
        norm1.apply(pass, conv1.apply(pass, x), scaleAndShift.get(0), scaleAndShift.get(1));
    hidden = Functions.dropout(pass, Functions.silu(hidden), dropout);
    hidden = Functions.silu(norm2.apply(pass, conv2.apply(pass, hidden)));
    return hidden.add(shortcut == null ? x : shortcut.apply(pass, x));
  }
}
