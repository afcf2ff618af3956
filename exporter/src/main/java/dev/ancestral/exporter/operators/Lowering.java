package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.trace.Call;
import java.util.List;

/** Writes one call as nodes. */
@FunctionalInterface
interface Lowering {
  /**
   * Adds the nodes.
   *
   * @return the ONNX names of the call's results, in their order
   */
  List<String> lower(Call call, GraphBuilder graph);

  /** A call with one result. */
  @FunctionalInterface
  interface Single {
    /** Adds the nodes and answers the ONNX name of the result. */
    String lower(Call call, GraphBuilder graph);
  }
}
