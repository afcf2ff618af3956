package dev.ancestral.trainer.network.mlp;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.ancestral.trainer.network.TangentNetwork;
import dev.ancestral.trainer.network.layer.Embedding;
import dev.ancestral.trainer.network.layer.Functions;
import dev.ancestral.trainer.network.layer.Linear;
import dev.ancestral.trainer.network.layer.Pass;
import dev.ancestral.trainer.network.layer.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** h ← softplus(embed(t) ⊙ (W·h + b)) for each hidden layer, then a linear head. */
final class ConditionalMlp extends AbstractBlock implements TangentNetwork {
  private record Hidden(Linear linear, Embedding embedding) {}

  private final List<Hidden> hidden = new ArrayList<>();
  private final Linear head;
  private final int outputs;

  ConditionalMlp(int features, int outputs, int width, int layers, int timesteps, long seed) {
    Scope root = Scope.root(this::addParameter, seed);
    for (int i = 0; i < layers; i++) {
      Scope scope = root.at("hidden", i);
      hidden.add(
          new Hidden(
              new Linear(scope.at("lin"), i == 0 ? features : width, width),
              Embedding.uniform(scope.at("embed"), timesteps, width)));
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
    NDArray timestep = inputs.get(1).toType(DataType.INT64, false);
    for (Hidden layer : hidden) {
      NDArray factors = layer.embedding().apply(pass, timestep);
      state = Functions.softplus(layer.linear().apply(pass, state).mul(factors));
    }
    return new NDList(head.apply(pass, state));
  }

  @Override
  public NDList forwardWithTangent(
      ParameterStore store, NDList inputs, NDArray direction, boolean training) {
    NDArray state = inputs.get(0);
    NDArray tangent = direction;
    Pass pass = new Pass(store, state.getDevice(), training);
    NDArray timestep = inputs.get(1).toType(DataType.INT64, false);
    for (Hidden layer : hidden) {
      NDArray factors = layer.embedding().apply(pass, timestep);
      NDArray scaled = layer.linear().apply(pass, state).mul(factors);
      tangent = layer.linear().applyTangent(pass, tangent).mul(factors);
      tangent = tangent.mul(Functions.softplusSlope(scaled));
      state = Functions.softplus(scaled);
    }
    return new NDList(head.apply(pass, state), head.applyTangent(pass, tangent));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), outputs)};
  }
}
