package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Fewer numbers: sums and their kin, along axes or over all. */
final class Reductions {
  /** From this version on, every reduction takes its axes as an input; before, only the sum. */
  private static final int AXES_ARE_INPUTS = 18;

  private Reductions() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(all("ReduceSum"), "sum()");
    entries.put(Reductions::sum, "sum(int[],boolean)");
    entries.put(all("ReduceMean"), "mean()");
    entries.put(along("ReduceMean"), "mean(int[],boolean)");
    entries.put(all("ReduceMax"), "max()");
    entries.put(along("ReduceMax"), "max(int[],boolean)");
    entries.put(all("ReduceMin"), "min()");
    entries.put(along("ReduceMin"), "min(int[],boolean)");
    entries.put(all("ReduceProd"), "prod()");
    entries.put(along("ReduceProd"), "prod(int[],boolean)");
    entries.put(
        (call, graph) -> reduce(call, graph, "ReduceL2", every(call), call.flag(1)),
        "norm(boolean)");
    entries.put(Reductions::norm, "norm(int,int[],boolean)");
    entries.put(Reductions::normalize, "normalize(double,long,double)");
    entries.put(extremeOfAll("ArgMax"), "argMax()");
    entries.put(extreme("ArgMax"), "argMax(int)");
    entries.put(extremeOfAll("ArgMin"), "argMin()");
    entries.put(extreme("ArgMin"), "argMin(int)");
    entries.put((call, graph) -> cumulative(call, graph, 0), "cumSum()");
    entries.put((call, graph) -> cumulative(call, graph, call.integer(1)), "cumSum(int)");
    entries.put(normalised("Softmax"), "softmax(int)");
    entries.put(normalised("LogSoftmax"), "logSoftmax(int)");
  }

  private static Lowering.Single all(String operator) {
    return (call, graph) -> reduce(call, graph, operator, every(call), false);
  }

  private static Lowering.Single along(String operator) {
    return (call, graph) -> reduce(call, graph, operator, call.integers(1), call.flag(2));
  }

  private static String sum(Call call, GraphBuilder graph) {
    if (call.flag(2) && isOverChannels(call.self(), call.integers(1))) {
      return sumOfChannels(graph, graph.name(call.self()), call.self());
    }
    return along("ReduceSum").lower(call, graph);
  }

  /** Whether pictures of floats lose their channels' axis. */
  private static boolean isOverChannels(Value x, List<Long> axes) {
    return x.type() == ElementType.FLOAT
        && x.rank() == 4
        && axes.equals(List.of(1L))
        && x.dims().get(1).isConstant();
  }

  /**
   * The sum over the channels of [batch, channels, H, W], kept at size 1. By a convolution with
   * ones: ONNX Runtime reduces a batch of one in another order, and a sample would depend on its
   * company; ReduceL2 took ten times as long.
   */
  private static String sumOfChannels(GraphBuilder graph, String x, Value value) {
    List<Long> kernel = List.of(1L, value.dims().get(1).value(), 1L, 1L);
    String ones = graph.constant(Tensor.filled(value.type(), kernel, 1));
    return graph.op("Conv", Map.of("kernel_shape", List.of(1L, 1L)), x, ones);
  }

  private static List<Long> every(Call call) {
    return LongStream.range(0, call.self().rank()).boxed().toList();
  }

  private static String reduce(
      Call call, GraphBuilder graph, String operator, List<Long> axes, boolean keep) {
    String x = graph.cast(call.self(), call.result().type());
    return reduce(graph, operator, x, axes, keep);
  }

  /** A reduction along axes, of which there is at least one unless x is a scalar. */
  static String reduce(
      GraphBuilder graph, String operator, String x, List<Long> axes, boolean keep) {
    Map<String, Object> attributes = Map.of("keepdims", keep ? 1L : 0L);
    if (axes.isEmpty()) {
      return graph.op(operator, attributes, x);
    }
    if (operator.equals("ReduceSum") || graph.opset().atLeast(AXES_ARE_INPUTS)) {
      return graph.op(operator, attributes, x, graph.longs(axes));
    }
    return graph.op(operator, Map.of("keepdims", keep ? 1L : 0L, "axes", axes), x);
  }

  private static String norm(Call call, GraphBuilder graph) {
    List<Long> axes = call.integers(2).isEmpty() ? every(call) : call.integers(2);
    return reduce(call, graph, normOperator(call, call.number(1)), axes, call.flag(3));
  }

  private static String normOperator(Call call, Number order) {
    double p = order.doubleValue();
    if (p == 1) {
      return "ReduceL1";
    }
    if (p == 2) {
      return "ReduceL2";
    }
    throw call.refuse("norm of order " + order + " (expected: 1 or 2)");
  }

  /** x / max(‖x‖, ε). */
  private static String normalize(Call call, GraphBuilder graph) {
    String x = graph.name(call.self());
    List<Long> axis = List.of(call.integer(2));
    String operator = normOperator(call, call.number(1));
    String norm =
        operator.equals("ReduceL2") && isOverChannels(call.self(), axis)
            ? graph.op("Sqrt", sumOfChannels(graph, graph.op("Mul", x, x), call.self()))
            : reduce(graph, operator, x, axis, true);
    String epsilon = graph.scalar(call.result().type(), call.number(3));
    return graph.op("Div", x, graph.op("Max", norm, epsilon));
  }

  private static Lowering.Single extreme(String operator) {
    return (call, graph) ->
        graph.op(
            operator, Map.of("axis", call.integer(1), "keepdims", 0L), graph.name(call.self()));
  }

  private static Lowering.Single extremeOfAll(String operator) {
    return (call, graph) -> {
      String flat = graph.op("Reshape", graph.name(call.self()), graph.longs(-1));
      return graph.op(operator, Map.of("axis", 0L, "keepdims", 0L), flat);
    };
  }

  private static String cumulative(Call call, GraphBuilder graph, long axis) {
    String x = graph.cast(call.self(), call.result().type());
    return graph.op("CumSum", x, graph.scalar(ElementType.INT64, axis));
  }

  private static Lowering.Single normalised(String operator) {
    return (call, graph) ->
        graph.op(operator, Map.of("axis", call.integer(1)), graph.name(call.self()));
  }
}
