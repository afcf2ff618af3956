package dev.ancestral.trainer.network.lucidrains;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.FullAttention;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.LinearAttention;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.twores.Layer;
import dev.ancestral.trainer.network.twores.Parts;
import dev.ancestral.trainer.network.twores.ResidualBlock;
import dev.ancestral.trainer.network.twores.Skip;

/** Blocks with RMS normalisation, and attention everywhere, its input added. */
final class LucidrainsParts implements Parts {
  private final LucidrainsConfig config;

  LucidrainsParts(LucidrainsConfig config) {
    this.config = config;
  }

  @Override
  public ResidualBlock block(Scope scope, int in, int out) {
    return new ScaleShiftBlock(scope, in, out, config.unet().embeddingSize(), config.dropout());
  }

  @Override
  public NDArray activate(NDArray embedding) {
    return Functions.silu(embedding);
  }

  @Override
  public Layer attention(Scope scope, int level, int channels) {
    Scope at = scope.at("2");
    if (config.fullAttn().get(level)) {
      return full(at, channels);
    }
    LinearAttention attention =
        new LinearAttention(at, channels, config.attnHeads(), config.attnDimHead());
    return (pass, x) -> attention.apply(pass, x).add(x);
  }

  @Override
  public Layer middle(Scope scope, int channels) {
    return full(scope.at("mid_attn"), channels);
  }

  private Layer full(Scope scope, int channels) {
    FullAttention attention =
        new FullAttention(scope, channels, config.attnHeads(), config.attnDimHead());
    return (pass, x) -> attention.apply(pass, x).add(x);
  }

  @Override
  public Skip skip(Scope scope, int index, int skipChannels, int channels) {
    return Skip.PLAIN;
  }

  @Override
  public Scope resampler(Scope scope, boolean resizes) {
    return resizes ? scope.at("3", 1) : scope.at("3");
  }
}
