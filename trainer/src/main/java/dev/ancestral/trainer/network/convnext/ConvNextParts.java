package dev.ancestral.trainer.network.convnext;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.twores.Layer;
import dev.ancestral.trainer.network.twores.Parts;
import dev.ancestral.trainer.network.twores.ResidualBlock;
import dev.ancestral.trainer.network.twores.Skip;

/** ConvNeXt blocks, and gates on the skips if they are wanted. */
final class ConvNextParts implements Parts {
  private final int embeddingSize;
  private final boolean gated;

  ConvNextParts(int embeddingSize, boolean gated) {
    this.embeddingSize = embeddingSize;
    this.gated = gated;
  }

  @Override
  public ResidualBlock block(Scope scope, int in, int out) {
    return new ConvNextBlock(scope, in, out, embeddingSize);
  }

  @Override
  public NDArray activate(NDArray embedding) {
    return Functions.gelu(embedding);
  }

  @Override
  public Layer attention(Scope scope, int level, int channels) {
    return Layer.IDENTITY;
  }

  @Override
  public Layer middle(Scope scope, int channels) {
    return Layer.IDENTITY;
  }

  @Override
  public Skip skip(Scope scope, int index, int skipChannels, int channels) {
    return gated ? new AttentionGate(scope.at("gates", index), skipChannels, channels) : Skip.PLAIN;
  }

  @Override
  public Scope resampler(Scope scope, boolean resizes) {
    return resizes ? scope.at("2").at("net", 1) : scope.at("2");
  }
}
