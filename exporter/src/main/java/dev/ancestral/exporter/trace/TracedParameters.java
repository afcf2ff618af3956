package dev.ancestral.exporter.trace;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.jspecify.annotations.Nullable;

/** Hands out parameters as traced arrays. */
final class TracedParameters extends ParameterStore {
  private final TraceSession session;

  TracedParameters(TraceSession session) {
    super(session.manager(), false);
    this.session = session;
  }

  @Override
  public @Nullable NDArray getValue(
      @Nullable Parameter parameter, Device device, boolean training) {
    return parameter == null ? null : session.parameter(parameter.getArray()).proxy();
  }
}
