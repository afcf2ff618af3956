package dev.ancestral.trainer.network.layer;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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

  /**
   * The array of this parameter in another shape.
   *
   * @param owner frees what is derived from it, so that nothing piles up beside the parameter
   */
  NDArray value(Parameter parameter, NDManager owner, long... shape) {
    NDArray view = value(parameter).reshape(shape);
    view.attach(owner);
    return view;
  }
}
