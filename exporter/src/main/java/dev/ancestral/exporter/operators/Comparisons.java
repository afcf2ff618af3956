package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Value;

/** Element by element, to truth values; and what is chosen by them. */
final class Comparisons {
  private Comparisons() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(compare("Equal"), "eq(NDArray)", "eq(Number)");
    entries.put(not(compare("Equal")), "neq(NDArray)", "neq(Number)");
    entries.put(compare("Greater"), "gt(NDArray)", "gt(Number)");
    entries.put(compare("GreaterOrEqual"), "gte(NDArray)", "gte(Number)");
    entries.put(compare("Less"), "lt(NDArray)", "lt(Number)");
    entries.put(compare("LessOrEqual"), "lte(NDArray)", "lte(Number)");

    entries.put(logical("And"), "logicalAnd(NDArray)");
    entries.put(logical("Or"), "logicalOr(NDArray)");
    entries.put(logical("Xor"), "logicalXor(NDArray)");
    entries.put(
        (call, graph) -> graph.op("Not", graph.cast(call.self(), ElementType.BOOL)),
        "logicalNot()");

    entries.put((call, graph) -> graph.op("IsNaN", graph.name(call.self())), "isNaN()");
    entries.put((call, graph) -> graph.op("IsInf", graph.name(call.self())), "isInfinite()");
    entries.put(Comparisons::where, "where(NDArray,NDArray)");
  }

  /** Both sides in the type PyTorch would compare them in. */
  private static Lowering.Single compare(String operator) {
    return (call, graph) -> {
      Value x = call.self();
      if (call.args().get(1) instanceof Value y) {
        ElementType type = Types.common(x, y);
        return graph.op(operator, graph.cast(x, type), graph.cast(y, type));
      }
      ElementType type = Types.common(x, call.number(1));
      return graph.op(operator, graph.cast(x, type), graph.scalar(type, call.number(1)));
    };
  }

  private static Lowering.Single not(Lowering.Single comparison) {
    return (call, graph) -> graph.op("Not", comparison.lower(call, graph));
  }

  private static Lowering.Single logical(String operator) {
    return (call, graph) ->
        graph.op(
            operator,
            graph.cast(call.self(), ElementType.BOOL),
            graph.cast(call.value(1), ElementType.BOOL));
  }

  /** x where the condition holds, the other elsewhere. */
  private static String where(Call call, GraphBuilder graph) {
    ElementType type = call.result().type();
    return graph.op(
        "Where",
        graph.cast(call.value(1), ElementType.BOOL),
        graph.cast(call.self(), type),
        graph.cast(call.value(2), type));
  }
}
