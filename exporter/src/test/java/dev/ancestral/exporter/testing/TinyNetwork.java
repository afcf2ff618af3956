package dev.ancestral.exporter.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The smallest network with every input of a real one: two linear maps over the flattened sample
 * and the timestep, and a vector added for each label.
 */
public final class TinyNetwork extends AbstractBlock {
  /** Number of timesteps of its schedule. */
  public static final int TIMESTEPS = 20;

  private static final int HIDDEN = 16;

  private final DataSpec data;
  private final Linear in = addChildBlock("in", Linear.builder().setUnits(HIDDEN).build());
  private final Linear out;
  private final @Nullable Parameter labels;
  private final @Nullable Conditioning conditioning;

  /** A network with random weights, none of them zero. */
  public TinyNetwork(
      NDManager manager, DataSpec data, @Nullable Conditioning conditioning, long seed) {
    this.data = data;
    this.conditioning = conditioning;
    this.out = addChildBlock("out", Linear.builder().setUnits(data.elements()).build());
    this.labels =
        conditioning == null
            ? null
            : addParameter(
                Parameter.builder()
                    .setName("labels")
                    .setType(Parameter.Type.OTHER)
                    .optShape(new Shape(conditioning.numClasses() + 1, HIDDEN))
                    .optInitializer(Initializer.ZEROS)
                    .build());
    initialize(manager, DataType.FLOAT32, new Shape(1, data.elements() + 1));
    RandomTensors.weights(this, seed);
  }

  /** What a bundle says of it. */
  public Bundle bundle() {
    SchedulerConfig scheduler =
        new SchedulerConfig(
            "linear",
            BetaSchedules.create("linear", TIMESTEPS, Map.of("beta_start", 1e-3, "beta_end", 0.3)),
            PredictionType.EPSILON,
            Variance.FIXED_SMALL,
            true,
            TimestepSpacing.TRAILING);
    return new Bundle(
        scheduler,
        data,
        true,
        conditioning,
        Recommended.NONE,
        Map.of("made by", "TinyNetwork"),
        List.of());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray x = inputs.get(0).reshape(-1, data.elements());
    NDArray t = inputs.get(1).div(TIMESTEPS).reshape(-1, 1);
    NDArray hidden = in.forward(store, new NDList(x.concat(t, 1)), training).singletonOrThrow();
    if (labels != null) {
      NDArray table = store.getValue(labels, x.getDevice(), training);
      NDArray label = Embedding.embedding(inputs.get(2), table, SparseFormat.DENSE).get(0);
      hidden = hidden.add(label);
    }
    NDList made = out.forward(store, new NDList(Activation.swish(hidden, 1)), training);
    long[] shape = inputs.get(0).getShape().getShape().clone();
    shape[0] = -1;
    return new NDList(made.singletonOrThrow().reshape(shape));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    in.initialize(manager, type, shapes);
    out.initialize(manager, type, new Shape(1, HIDDEN));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
