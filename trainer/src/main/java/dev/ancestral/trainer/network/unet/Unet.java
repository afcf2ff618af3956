package dev.ancestral.trainer.network.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Embedding;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.GroupNorm;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.layer.SelfAttention;
import dev.ancestral.trainer.network.layer.TimestepEmbedding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The U-Net of Ho et al. (2020) as one DJL block.
 *
 * <p>All parameters are its own, under the names of {@code UNet2DModel}: children in DJL's sense
 * would put numbers into the names.
 */
final class Unet extends AbstractBlock {
  private static final int SAMPLE = 0;
  private static final int TIMESTEP = 1;
  private static final int CLASS_LABELS = 2;

  private final UnetConfig config;
  private final Conv2d convIn;
  private final TimestepEmbedding timeProjection;
  private final Linear timeLinear1;
  private final Linear timeLinear2;
  private final @Nullable Embedding classEmbedding;
  private final List<Level> down = new ArrayList<>();
  private final ResnetBlock midFirst;
  private final @Nullable SelfAttention midAttention;
  private final ResnetBlock midSecond;
  private final List<Level> up = new ArrayList<>();
  private final GroupNorm normOut;
  private final Conv2d convOut;

  Unet(UnetConfig config, long seed) {
    this.config = config;
    Scope root = Scope.root(this::addParameter, seed);
    int first = config.blockOutChannels().get(0);
    int last = config.blockOutChannels().get(config.levels() - 1);
    int embedding = config.timeEmbeddingSize();
    this.convIn = new Conv2d(root.at("conv_in"), config.inChannels(), first, 3, 1);
    this.timeProjection = new TimestepEmbedding(first, config.freqShift(), config.flipSinToCos());
    this.timeLinear1 = new Linear(root.at("time_embedding").at("linear_1"), first, embedding);
    this.timeLinear2 = new Linear(root.at("time_embedding").at("linear_2"), embedding, embedding);
    this.classEmbedding =
        config.numClassEmbeds() == null
            ? null
            : Embedding.normal(root.at("class_embedding"), config.numClassEmbeds(), embedding);
    for (int i = 0; i < config.levels(); i++) {
      down.add(Level.down(root.at("down_blocks", i), config, i));
    }
    Scope mid = root.at("mid_block");
    this.midFirst = new ResnetBlock(mid.at("resnets", 0), last, last, config);
    this.midAttention =
        config.addAttention() ? config.attention(mid.at("attentions", 0), last) : null;
    this.midSecond = new ResnetBlock(mid.at("resnets", 1), last, last, config);
    for (int i = 0; i < config.levels(); i++) {
      up.add(Level.up(root.at("up_blocks", i), config, i));
    }
    this.normOut =
        new GroupNorm(root.at("conv_norm_out"), config.normNumGroups(), first, config.normEps());
    this.convOut = new Conv2d(root.at("conv_out"), first, config.outChannels(), 3, 1);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> ignored) {
    NDArray sample = inputs.get(SAMPLE);
    Pass pass = new Pass(store, sample.getDevice(), training);
    NDArray time = Functions.silu(embed(pass, inputs));

    NDArray hidden = convIn.apply(pass, sample);
    Deque<NDArray> skips = new ArrayDeque<>();
    skips.push(hidden);
    for (Level level : down) {
      hidden = level.applyDown(pass, hidden, time, skips);
    }
    hidden = midFirst.apply(pass, hidden, time);
    if (midAttention != null) {
      hidden = midAttention.apply(pass, hidden);
    }
    hidden = midSecond.apply(pass, hidden, time);
    for (Level level : up) {
      hidden = level.applyUp(pass, hidden, time, skips);
    }
    hidden = Functions.silu(normOut.apply(pass, hidden));
    return new NDList(convOut.apply(pass, hidden));
  }

  /** What every ResNet block is told: the timestep, and the label if there is one. */
  private NDArray embed(Pass pass, NDList inputs) {
    NDArray time = timeLinear1.apply(pass, timeProjection.apply(inputs.get(TIMESTEP)));
    time = timeLinear2.apply(pass, Functions.silu(time));
    return classEmbedding == null
        ? time
        : time.add(classEmbedding.apply(pass, inputs.get(CLASS_LABELS)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long[] shape = inputShapes[SAMPLE].getShape().clone();
    shape[1] = config.outChannels();
    return new Shape[] {new Shape(shape)};
  }
}
