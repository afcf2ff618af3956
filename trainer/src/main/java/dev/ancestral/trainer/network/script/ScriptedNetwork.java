package dev.ancestral.trainer.network.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.TangentNetwork;
import dev.ancestral.trainer.network.trace.Trace;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A network as one TorchScript function of its inputs and of all weights in one array: what its
 * block does, in one call. A function is made for each batch size that is met.
 *
 * <p>The manager given owns the functions. Not thread-safe.
 */
public final class ScriptedNetwork {
  private final NDManager manager;
  private final Block block;
  private final FlatParameters parameters;
  private final Map<Kind, Script> scripts = new HashMap<>();

  /** What a function is for. */
  private record Kind(List<Shape> shapes, boolean withTangent, boolean training) {}

  /**
   * The network of a block.
   *
   * @param parameters of the block
   */
  public ScriptedNetwork(NDManager manager, Block block, FlatParameters parameters) {
    this.manager = manager;
    this.block = block;
    this.parameters = parameters;
  }

  /**
   * All weights as an array that gradients flow to, over the network's own storage.
   *
   * @param owner of the array
   */
  public NDArray weights(NDManager owner) {
    NDArray weights = parameters.values().reshape(parameters.size());
    weights.attach(owner);
    weights.setRequiresGradient(true);
    return weights;
  }

  /**
   * What the block answers when it is not in training; nothing is kept for gradients.
   *
   * @param inputs as {@link dev.ancestral.trainer.network.Network} has them; the first one's
   *     manager owns the answer
   */
  public NDArray predict(NDList inputs) {
    return forward(inputs, parameters.values(), false);
  }

  /**
   * What the block answers in training.
   *
   * @param inputs as in {@link #predict}
   * @param weights of {@link #weights}
   */
  public NDArray forward(NDList inputs, NDArray weights) {
    return forward(inputs, weights, true);
  }

  private NDArray forward(NDList inputs, NDArray weights, boolean training) {
    Script script =
        scripts.computeIfAbsent(
            new Kind(List.of(inputs.getShapes()), false, training),
            kind ->
                load(
                    "Tensor",
                    (store, given) -> block.forward(store, given, training),
                    kind.shapes()));
    return script.call(with(inputs, weights)).singletonOrThrow();
  }

  /**
   * What the block answers when it is not in training, and how that moves.
   *
   * @param inputs as in {@link #predict}
   * @param direction in which the sample moves
   */
  public NDList predictWithTangent(NDList inputs, NDArray direction) {
    return forwardWithTangent(inputs, direction, parameters.values(), false);
  }

  /**
   * What the block answers in training, and how that moves.
   *
   * @param inputs as in {@link #predict}
   * @param direction in which the sample moves
   * @param weights of {@link #weights}
   */
  public NDList forwardWithTangent(NDList inputs, NDArray direction, NDArray weights) {
    return forwardWithTangent(inputs, direction, weights, true);
  }

  private NDList forwardWithTangent(
      NDList inputs, NDArray direction, NDArray weights, boolean training) {
    TangentNetwork network = (TangentNetwork) block;
    NDList all = with(inputs, direction);
    Script script =
        scripts.computeIfAbsent(
            new Kind(List.of(all.getShapes()), true, training),
            kind ->
                load(
                    "Tuple[Tensor, Tensor]",
                    (store, given) ->
                        network.forwardWithTangent(
                            store,
                            new NDList(given.subList(0, given.size() - 1)),
                            given.get(given.size() - 1),
                            training),
                    kind.shapes()));
    return script.call(with(all, weights));
  }

  private static NDList with(NDList arrays, NDArray last) {
    NDList all = new NDList(arrays);
    all.add(last);
    return all;
  }

  private Script load(String result, Trace.Traced traced, List<Shape> shapes) {
    Trace trace = Trace.of(traced, shapes);
    Map<String, long[]> weights = new LinkedHashMap<>();
    parameters.shapes().forEach((name, shape) -> weights.put(name, shape.getShape()));
    return Script.load(
        manager,
        ScriptText.parameters(shapes.size()),
        result,
        ScriptText.body(trace, Collections.unmodifiableMap(weights)));
  }
}
