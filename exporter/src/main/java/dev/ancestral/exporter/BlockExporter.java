package dev.ancestral.exporter;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.GraphCleaner;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.operators.OperatorMap;
import dev.ancestral.exporter.trace.CallGraph;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.TraceException;
import dev.ancestral.exporter.trace.Tracer;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns any DJL block into an ONNX graph, by running it with arrays that record what is done to
 * them.
 *
 * <p>A block needs nothing for it: it is ordinary DJL code. It may call every operation in {@link
 * OperatorMap}; it may not read numbers that depend on its inputs, nor keep arrays of its own that
 * it computes with on the left of a traced one.
 */
public final class BlockExporter {
  private static final Dim BATCH = new Dim(1, 0);

  private BlockExporter() {}

  /**
   * Exports a block.
   *
   * @param name of the graph
   * @param block initialized
   * @param inputs what its forward is given, in order; each is [batch, ...row]
   * @param outputNames what to call what it answers, in order; each must be [batch, ...]
   * @param manager of the engine that the parameters live in
   * @throws TraceException naming the operation, the block that called it and the expectation
   */
  public static Graph export(
      String name,
      Block block,
      List<Port> inputs,
      List<String> outputNames,
      NDManager manager,
      Opset opset) {
    CallGraph calls = Tracer.trace(block, inputs, manager, OperatorMap.STANDARD::covers);
    if (calls.outputs().size() != outputNames.size()) {
      throw new TraceException(
          "%s answers %d arrays (expected: %d, %s)"
              .formatted(name, calls.outputs().size(), outputNames.size(), outputNames));
    }
    List<Port> outputs = new ArrayList<>();
    for (int i = 0; i < outputNames.size(); i++) {
      outputs.add(output(outputNames.get(i), calls.outputs().get(i)));
    }
    return GraphCleaner.clean(OperatorMap.STANDARD.lower(name, calls, inputs, outputs, opset));
  }

  private static Port output(String name, Value value) {
    List<Dim> dims = value.dims();
    boolean batchFirst =
        !dims.isEmpty()
            && dims.get(0).equals(BATCH)
            && dims.stream().skip(1).allMatch(Dim::isConstant);
    if (!batchFirst) {
      throw new TraceException("%s: shape %s (expected: [batch, ...])".formatted(name, dims));
    }
    return new Port(name, value.type(), Dim.values(dims.subList(1, dims.size())));
  }
}
