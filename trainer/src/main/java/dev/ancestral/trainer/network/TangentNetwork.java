package dev.ancestral.trainer.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.ParameterStore;

/**
 * A block that also answers how its output moves while its sample moves: the product of its
 * Jacobian with a direction, written as ordinary operations, so that one backward pass
 * differentiates a loss that contains it. What score matching by trace or by slices needs.
 */
public interface TangentNetwork {
  /**
   * The forward pass with its tangent.
   *
   * @param inputs as {@link Network} has them
   * @param direction v, of the sample's shape; a row of it belongs to a row of the sample
   * @param training whether gradients are wanted
   * @return the output, and J·v of the output's shape, J being the Jacobian of the output with
   *     respect to the sample
   */
  NDList forwardWithTangent(
      ParameterStore store, NDList inputs, NDArray direction, boolean training);
}
