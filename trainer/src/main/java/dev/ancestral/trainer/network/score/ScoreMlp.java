package dev.ancestral.trainer.network.score;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.ancestral.trainer.network.TangentNetwork;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** h ← softplus(W·h + b) for each hidden layer, then a linear head. The timestep is not read. */
final class ScoreMlp extends AbstractBlock implements TangentNetwork {
  private final List<Linear> hidden = new ArrayList<>();
  private final Linear head;
  private final int outputs;

  ScoreMlp(int features, int outputs, int width, int layers, long seed) {
    Scope root = Scope.root(this::addParameter, seed);
    for (int i = 0; i < layers; i++) {
      hidden.add(new Linear(root.at("hidden", i), i == 0 ? features : width, width));
    }
    this.head = new Linear(root.at("head"), width, outputs);
    this.outputs = outputs;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> ignored) {
    NDArray state = inputs.get(0);
    Pass pass = new Pass(store, state.getDevice(), training);
    for (Linear layer : hidden) {
      state = Functions.softplus(layer.apply(pass, state));
    }
    return new NDList(head.apply(pass, state));
  }

  @Override
  public NDList forwardWithTangent(
      ParameterStore store, NDList inputs, NDArray direction, boolean training) {
    NDArray state = inputs.get(0);
    NDArray tangent = direction;
    Pass pass = new Pass(store, state.getDevice(), training);
    for (Linear layer : hidden) {
      NDArray sum = layer.apply(pass, state);
      tangent = layer.applyTangent(pass, tangent).mul(Functions.softplusSlope(sum));
      state = Functions.softplus(sum);
    }
    return new NDList(head.apply(pass, state), head.applyTangent(pass, tangent));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
