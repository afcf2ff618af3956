package dev.ancestral.trainer.network.twores;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.ancestral.trainer.network.layer.Conv2d;
import dev.ancestral.trainer.network.layer.Embedding;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import dev.ancestral.trainer.network.layer.TimestepEmbedding;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A U-Net with two residual blocks a level as one DJL block.
 *
 * <p>All parameters are its own, under the names that the original's PyTorch modules give them:
 * children in DJL's sense would put other numbers into the names. A label's embedding, which the
 * originals lack, is added to the timestep's.
 */
public final class TwoResUnet extends AbstractBlock {
  private static final int SAMPLE = 0;
  private static final int TIMESTEP = 1;
  private static final int CLASS_LABELS = 2;
  private static final int STEM_KERNEL = 7;

  private final TwoResConfig config;
  private final Parts parts;
  private final Conv2d stem;
  private final TimestepEmbedding timestepEmbedding;
  private final Linear timeLinear1;
  private final Linear timeLinear2;
  private final @Nullable Embedding classEmbedding;
  private final List<Level> down = new ArrayList<>();
  private final ResidualBlock midFirst;
  private final Layer midAttention;
  private final ResidualBlock midSecond;
  private final List<Level> up = new ArrayList<>();
  private final ResidualBlock last;
  private final Conv2d convOut;

  /**
   * A network that holds no arrays yet.
   *
   * @param seed of the initial weights
   */
  public TwoResUnet(TwoResConfig config, Parts parts, long seed) {
    this.config = config;
    this.parts = parts;
    Scope root = Scope.root(this::addParameter, seed);
    int stemChannels = config.initDim();
    int middle = config.channels().get(config.levels());
    int embedding = config.embeddingSize();
    this.stem = new Conv2d(root.at("init_conv"), config.inChannels(), stemChannels, STEM_KERNEL, 1);
    this.timestepEmbedding = new TimestepEmbedding(config.dim(), 1, false);
    this.timeLinear1 = new Linear(root.at("time_mlp", 1), config.dim(), embedding);
    this.timeLinear2 = new Linear(root.at("time_mlp", 3), embedding, embedding);
    this.classEmbedding =
        config.classEmbeddings() == null
            ? null
            : Embedding.normal(root.at("class_embedding"), config.classEmbeddings(), embedding);
    for (int i = 0; i < config.levels(); i++) {
      down.add(Level.down(root.at("downs", i), parts, config, i));
    }
    this.midFirst = parts.block(root.at("mid_block1"), middle, middle);
    this.midAttention = parts.middle(root, middle);
    this.midSecond = parts.block(root.at("mid_block2"), middle, middle);
    for (int i = 0; i < config.levels(); i++) {
      up.add(Level.up(root.at("ups", i), parts, config, config.levels() - 1 - i));
    }
    this.last = parts.block(root.at("final_res_block"), 2 * stemChannels, stemChannels);
    this.convOut = Conv2d.pointwise(root.at("final_conv"), stemChannels, config.outChannels());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> ignored) {
    NDArray sample = inputs.get(SAMPLE);
    Pass pass = new Pass(store, sample.getDevice(), training);
    NDArray time = parts.activate(embed(pass, inputs));

    NDArray stemmed = stem.apply(pass, sample);
    NDArray hidden = stemmed;
    Deque<NDArray> skips = new ArrayDeque<>();
    for (Level level : down) {
      hidden = level.applyDown(pass, hidden, time, skips);
    }
    hidden = midAttention.apply(pass, midFirst.apply(pass, hidden, time));
    hidden = midSecond.apply(pass, hidden, time);
    for (Level level : up) {
      hidden = level.applyUp(pass, hidden, time, skips);
    }
    hidden = last.apply(pass, hidden.concat(stemmed, 1), time);
    return new NDList(convOut.apply(pass, hidden));
  }

  /** What every block is told: the timestep, and the label if there is one. */
  private NDArray embed(Pass pass, NDList inputs) {
    NDArray time = timeLinear1.apply(pass, timestepEmbedding.apply(inputs.get(TIMESTEP)));
    time = timeLinear2.apply(pass, Functions.gelu(time));
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
