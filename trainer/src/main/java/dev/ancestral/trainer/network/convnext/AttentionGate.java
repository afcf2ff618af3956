package dev.ancestral.trainer.network.convnext;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.twores.Skip;

/**
 * Attention gate (Oktay et al. 2018, eqs. 1 and 2): every pixel of a skip is multiplied by α =
 * σ(ψ·relu(W_g·g + W_x·skip)), where g is what the way up has there.
 */
final class AttentionGate implements Skip {
  private final Conv2d ofGate;
  private final Conv2d ofSkip;
  private final Conv2d toWeight;

  /** A gate; its hidden layer has as many channels as g. */
  AttentionGate(Scope scope, int skipChannels, int channels) {
    this.ofGate = Conv2d.pointwise(scope.at("gate_conv"), channels, channels);
    this.ofSkip = Conv2d.pointwise(scope.at("residual_conv"), skipChannels, channels);
    this.toWeight = Conv2d.pointwise(scope.at("in_conv"), channels, 1);
  }

  @Override
  public NDArray apply(Pass pass, NDArray skip, NDArray x) {
    NDArray sum = ofGate.apply(pass, x).add(ofSkip.apply(pass, skip));
    NDArray score = toWeight.apply(pass, sum.getNDArrayInternal().relu());
    return skip.mul(score.getNDArrayInternal().sigmoid());
  }
}
