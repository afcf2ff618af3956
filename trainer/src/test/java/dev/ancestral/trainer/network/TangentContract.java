package dev.ancestral.trainer.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.ancestral.trainer.network.script.ScriptedNetwork;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a network with a tangent promises besides. */
public abstract class TangentContract extends NetworkContract {
  private static final float REACH = 1e-2f;

  private NDList tangent(Network network, NDList inputs, NDArray direction) {
    TangentNetwork block = (TangentNetwork) network.block();
    ParameterStore store = new ParameterStore(manager, false);
    return block.forwardWithTangent(store, inputs, direction, false);
  }

  private NDArray direction(NDList inputs) {
    return inputs.get(0).mul(2.3f).cos();
  }

  private NDList movedBy(NDList inputs, NDArray direction, float reach) {
    NDList moved = new NDList(inputs);
    moved.set(0, inputs.get(0).add(direction.mul(reach)));
    return moved;
  }

  @Test
  void tangentIsTheLimitOfFiniteDifferences_forEveryHead() {
    for (int heads : List.of(1, 2)) {
      NetworkTask one = task();
      Network network =
          network(settings(), new NetworkTask(one.shape(), null, one.timesteps(), heads));
      randomised(network);
      NDList inputs = inputs(4);
      NDArray direction = direction(inputs);
      NDArray ahead = forward(network, movedBy(inputs, direction, REACH));
      NDArray behind = forward(network, movedBy(inputs, direction, -REACH));
      float[] expected = ahead.sub(behind).div(2 * REACH).toFloatArray();

      NDList both = tangent(network, inputs, direction);

      assertArrayEquals(forward(network, inputs).toFloatArray(), both.get(0).toFloatArray(), 1e-6f);
      assertArrayEquals(expected, both.get(1).toFloatArray(), 3e-4f);
      assertTrue(distance(expected, new float[expected.length]) > 0.02, "it moves");
    }
  }

  @Test
  void oneBackwardPassDifferentiatesALossOfTheTangent() {
    Network network = network(settings(), task());
    FlatParameters parameters = randomised(network);
    NDList inputs = inputs(4);
    NDArray direction = direction(inputs);
    ScriptedNetwork scripted = new ScriptedNetwork(manager, network.block(), parameters);
    NDArray weights = scripted.weights(manager);
    try (GradientCollector collector = Engine.getEngine(Torch.ENGINE).newGradientCollector()) {
      NDList both = scripted.forwardWithTangent(inputs, direction, weights);
      collector.backward(both.get(1).mul(direction).sum());
    }
    NDArray gradient = weights.getGradient();
    double norm = Math.sqrt(gradient.square().sum().getFloat());
    double reach = 1e-2 / norm;
    parameters.values().addi(gradient.mul(reach));
    double ahead = tangentLoss(network, inputs, direction).getFloat();
    parameters.values().subi(gradient.mul(2 * reach));
    double behind = tangentLoss(network, inputs, direction).getFloat();
    assertEquals(1, (ahead - behind) / (2 * reach * norm * norm), 0.02);
  }

  /** vᵀJv, the inner part of sliced score matching. */
  private NDArray tangentLoss(Network network, NDList inputs, NDArray direction) {
    return tangent(network, inputs, direction).get(1).mul(direction).sum();
  }
}
