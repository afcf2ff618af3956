package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.CallGraph;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The table from operations to ONNX.
 *
 * <p>A key is a method of {@code NDArray} or {@code NDArrayEx} with its parameter types. A default
 * method needs no entry if what its body calls has one. Immutable.
 */
public final class OperatorMap {
  /** Every operation that can be exported. */
  public static final OperatorMap STANDARD = standard();

  private final Map<String, Lowering> entries;

  private OperatorMap(Map<String, Lowering> entries) {
    this.entries = entries;
  }

  private static OperatorMap standard() {
    Entries entries = new Entries();
    Sources.register(entries);
    Arithmetic.register(entries);
    Comparisons.register(entries);
    Shaping.register(entries);
    Joining.register(entries);
    Picking.register(entries);
    Reductions.register(entries);
    Activations.register(entries);
    Layers.register(entries);
    Normalisations.register(entries);
    Sampling.register(entries);
    return new OperatorMap(entries.all);
  }

  /** Collects the entries of the families. */
  static final class Entries {
    private final Map<String, Lowering> all = new TreeMap<>();

    /** Operations with one result. */
    void put(Lowering.Single lowering, String... operations) {
      putMany((call, graph) -> List.of(lowering.lower(call, graph)), operations);
    }

    /** Operations with several results. */
    void putMany(Lowering lowering, String... operations) {
      for (String operation : operations) {
        if (all.put(operation, lowering) != null) {
          throw new IllegalStateException(operation + " is mapped twice");
        }
      }
    }
  }

  /** Whether there is an entry. */
  public boolean covers(String operation) {
    return entries.containsKey(operation);
  }

  /** The operations there are entries for. */
  public Set<String> operations() {
    return entries.keySet();
  }

  /**
   * Writes a traced network as an ONNX graph.
   *
   * @param name of the graph
   * @param calls what the network does
   * @param inputs what it is given
   * @param outputs what to call what it answers
   */
  public Graph lower(
      String name, CallGraph calls, List<Port> inputs, List<Port> outputs, Opset opset) {
    GraphBuilder graph = new GraphBuilder(opset, inputs);
    for (Call call : calls.calls()) {
      Lowering lowering = entries.get(call.operation());
      if (lowering == null) {
        throw call.refuse("has no ONNX mapping");
      }
      graph.enter(call);
      graph.bind(call, lowering.lower(call, graph));
    }
    return graph.finish(name, calls.outputs(), outputs);
  }
}
