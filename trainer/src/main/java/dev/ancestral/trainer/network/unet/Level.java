package dev.ancestral.trainer.network.unet;

import ai.djl.ndarray.NDArray;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.layer.SelfAttention;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The blocks at one resolution, on the way down or up: {@code DownBlock2D}, {@code
 * AttnDownBlock2D}, {@code UpBlock2D}, {@code AttnUpBlock2D}.
 */
final class Level {
  private final List<ResnetBlock> resnets = new ArrayList<>();
  private final List<SelfAttention> attentions = new ArrayList<>();
  private @Nullable Conv2d resampler;

  private Level() {}

  /** Level {@code index} on the way down; all but the last halve the size at their end. */
  static Level down(Scope scope, UnetConfig config, int index) {
    Level level = new Level();
    int out = config.blockOutChannels().get(index);
    int in = config.blockOutChannels().get(Math.max(0, index - 1));
    boolean attention = config.downBlockTypes().get(index).equals(UnetConfig.ATTENTION_DOWN);
    for (int i = 0; i < config.layersPerBlock(); i++) {
      level.add(scope, config, i == 0 ? in : out, out, attention);
    }
    if (index < config.levels() - 1) {
      level.resampler = new Conv2d(scope.at("downsamplers", 0).at("conv"), out, out, 3, 2);
    }
    return level;
  }

  /**
   * Level {@code index} on the way up, counted from the smallest; all but the last double the size
   * at their end. Each block takes one of the outputs of the way down.
   */
  static Level up(Scope scope, UnetConfig config, int index) {
    Level level = new Level();
    int last = config.levels() - 1;
    int out = config.blockOutChannels().get(last - index);
    int previous = config.blockOutChannels().get(Math.min(last, last - index + 1));
    int next = config.blockOutChannels().get(Math.max(0, last - index - 1));
    boolean attention = config.upBlockTypes().get(index).equals(UnetConfig.ATTENTION_UP);
    for (int i = 0; i <= config.layersPerBlock(); i++) {
      int skip = i == config.layersPerBlock() ? next : out;
      level.add(scope, config, (i == 0 ? previous : out) + skip, out, attention);
    }
    if (index < last) {
      level.resampler = new Conv2d(scope.at("upsamplers", 0).at("conv"), out, out, 3, 1);
    }
    return level;
  }

  private void add(Scope scope, UnetConfig config, int in, int out, boolean attention) {
    int i = resnets.size();
    resnets.add(new ResnetBlock(scope.at("resnets", i), in, out, config));
    if (attention) {
      attentions.add(config.attention(scope.at("attentions", i), out));
    }
  }

  /** Pushes the output of every block, and of the resampler, for the way up. */
  NDArray applyDown(Pass pass, NDArray x, NDArray time, Deque<NDArray> skips) {
    NDArray hidden = x;
    for (int i = 0; i < resnets.size(); i++) {
      hidden = block(pass, i, hidden, time);
      skips.push(hidden);
    }
    if (resampler != null) {
      hidden = resampler.apply(pass, hidden);
      skips.push(hidden);
    }
    return hidden;
  }

  /** Pops one output of the way down for every block. */
  NDArray applyUp(Pass pass, NDArray x, NDArray time, Deque<NDArray> skips) {
    NDArray hidden = x;
    for (int i = 0; i < resnets.size(); i++) {
      hidden = block(pass, i, hidden.concat(skips.pop(), 1), time);
    }
    return resampler == null ? hidden : resampler.apply(pass, Functions.upsampleNearest(hidden));
  }

  private NDArray block(Pass pass, int i, NDArray x, NDArray time) {
    NDArray hidden = resnets.get(i).apply(pass, x, time);
    return attentions.isEmpty() ? hidden : attentions.get(i).apply(pass, hidden);
  }
}
