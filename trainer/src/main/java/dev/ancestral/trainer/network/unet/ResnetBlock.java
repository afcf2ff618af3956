package dev.ancestral.trainer.network.unet;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.GroupNorm;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Two normalised convolutions with the time embedding added between them, around a shortcut: {@code
 * ResnetBlock2D}.
 */
final class ResnetBlock {
  private final GroupNorm norm1;
  private final Conv2d conv1;
  private final Linear timeProjection;
  private final GroupNorm norm2;
  private final double dropout;
  private final Conv2d conv2;
  private final @Nullable Conv2d shortcut;
  private final int out;

  ResnetBlock(Scope scope, int in, int out, UnetConfig config) {
    this.norm1 = new GroupNorm(scope.at("norm1"), config.normNumGroups(), in, config.normEps());
    this.conv1 = new Conv2d(scope.at("conv1"), in, out, 3, 1);
    this.timeProjection = new Linear(scope.at("time_emb_proj"), config.timeEmbeddingSize(), out);
    this.norm2 = new GroupNorm(scope.at("norm2"), config.normNumGroups(), out, config.normEps());
    this.dropout = config.dropout();
    this.conv2 = new Conv2d(scope.at("conv2"), out, out, 3, 1);
    this.shortcut = in == out ? null : new Conv2d(scope.at("conv_shortcut"), in, out, 1, 1);
    this.out = out;
  }

  /**
   * [batch, in, H, W] to [batch, out, H, W].
   *
   * @param time the time embedding after its activation
   */
  NDArray apply(Pass pass, NDArray x, NDArray time) {
    NDArray hidden = conv1.apply(pass, Functions.silu(norm1.apply(pass, x)));
    hidden = hidden.add(timeProjection.apply(pass, time).reshape(-1, out, 1, 1));
    hidden = Functions.silu(norm2.apply(pass, hidden));
    hidden = conv2.apply(pass, Functions.dropout(pass, hidden, dropout));
    return (shortcut == null ? x : shortcut.apply(pass, x)).add(hidden);
  }
}
