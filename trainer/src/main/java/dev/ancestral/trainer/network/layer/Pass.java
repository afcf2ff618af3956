package dev.ancestral.trainer.network.layer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;

/**
 * One forward pass: where parameters come from.
 *
 * @param store hands out arrays; an exporter hands out traced ones
 * @param device of the inputs
 * @param training whether dropout is active
 */
public record Pass(ParameterStore store, Device device, boolean training) {
  /** The array of this parameter. */
  public NDArray value(Parameter parameter) {
    return store.getValue(parameter, device, training);
  }
}
