package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Products with weights: convolutions, linear maps, matrix products; and dropout. */
final class Layers {
  private Layers() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(Layers::convolution, "convolution(NDArray,NDArray,NDArray,Shape,Shape,Shape,int)");
    entries.put(Layers::linear, "linear(NDArray,NDArray,NDArray)");
    entries.put(Layers::matMul, "matMul(NDArray)", "batchMatMul(NDArray)", "dot(NDArray)");
    entries.put(Layers::dropout, "dropout(NDArray,float,boolean)");
  }

  private static String convolution(Call call, GraphBuilder graph) {
    return Fusions.convolutionOfDoubled(call, graph).orElseGet(() -> plain(call, graph));
  }

  private static String plain(Call call, GraphBuilder graph) {
    Value weight = call.value(2);
    List<Long> kernel =
        weight.dims().subList(2, weight.rank()).stream().map(dim -> dim.value()).toList();
    List<String> inputs = new ArrayList<>();
    inputs.add(graph.name(call.value(1)));
    inputs.add(graph.name(weight));
    call.optionalValue(3).ifPresent(bias -> inputs.add(graph.name(bias)));
    return graph
        .ops(
            "Conv",
            Map.of(
                "kernel_shape", kernel,
                "strides", call.integers(4),
                "pads", bothEnds(call.integers(5)),
                "dilations", call.integers(6),
                "group", call.integer(7)),
            1,
            inputs)
        .get(0);
  }

  /** PyTorch pads both ends alike; ONNX lists all beginnings, then all ends. */
  static List<Long> bothEnds(List<Long> padding) {
    List<Long> pads = new ArrayList<>(padding);
    pads.addAll(padding);
    return pads;
  }

  /** x·Wᵀ + b over the last axis. */
  private static String linear(Call call, GraphBuilder graph) {
    Value x = call.value(1);
    String weight = graph.name(call.value(2));
    Optional<String> bias = call.optionalValue(3).map(graph::name);
    if (x.rank() == 2) {
      List<String> inputs = new ArrayList<>(List.of(graph.name(x), weight));
      bias.ifPresent(inputs::add);
      return graph.ops("Gemm", Map.of("transB", 1L), 1, inputs).get(0);
    }
    String product = graph.op("MatMul", graph.name(x), graph.transpose(weight, List.of(1L, 0L)));
    return bias.map(b -> graph.op("Add", product, b)).orElse(product);
  }

  private static String matMul(Call call, GraphBuilder graph) {
    return graph.op("MatMul", graph.name(call.self()), graph.name(call.value(1)));
  }

  private static String dropout(Call call, GraphBuilder graph) {
    if (call.flag(3)) {
      throw call.refuse("is random in its training form (expected: training = false)");
    }
    return graph.name(call.value(1));
  }
}
