package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import java.util.List;

/** Where values come from: inputs, parameters, constants. */
final class Sources {
  private Sources() {}

  static void register(OperatorMap.Entries entries) {
    entries.put((call, graph) -> call.text(0), Call.INPUT);
    entries.put((call, graph) -> graph.parameter(call.text(0), call.tensor(1)), Call.PARAMETER);
    entries.put(Sources::constant, Call.CONSTANT);
  }

  private static String constant(Call call, GraphBuilder graph) {
    Tensor tensor = call.tensor(0);
    List<Dim> stored = tensor.dims().stream().map(Dim::of).toList();
    return graph.expand(graph.constant(tensor), stored, call.result().dims());
  }
}
