package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Layer and batch normalisation. */
final class Normalisations {
  private static final int CHANNELS = 1;

  /** Above it, ONNX Runtime's own sums in single precision lose digits that the engine keeps. */
  private static final long EXACTLY_SUMMED = 1L << 16;

  private Normalisations() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(Normalisations::layerNorm, "layerNorm(NDArray,Shape,NDArray,NDArray,float)");
    entries.put(
        Normalisations::batchNorm,
        "batchNorm(NDArray,NDArray,NDArray,NDArray,NDArray,int,float,float,boolean)");
  }

  private static String layerNorm(Call call, GraphBuilder graph) {
    if (!isByGroup(call, graph)) {
      return graph.op(
          "LayerNormalization",
          Map.of("axis", (long) -call.integers(2).size(), "epsilon", call.number(5).floatValue()),
          graph.name(call.value(1)),
          graph.name(call.value(3)),
          graph.name(call.value(4)));
    }
    return call.integers(2).get(0) > EXACTLY_SUMMED
        ? byLargeGroup(call, graph)
        : byGroup(call, graph);
  }

  /** The form a group normalisation has: [batch, groups, rest] over the last axis, no weights. */
  private static boolean isByGroup(Call call, GraphBuilder graph) {
    Value x = call.value(1);
    return x.rank() == 3
        && x.dims().get(CHANNELS).isConstant()
        && call.integers(2).size() == 1
        && graph.isFilledWith(call.value(3), 1)
        && graph.isFilledWith(call.value(4), 0);
  }

  /** With a whole U-Net, ONNX Runtime took 0.6 of the time of layer normalisation. */
  private static String byGroup(Call call, GraphBuilder graph) {
    Value x = call.value(1);
    List<Long> groups = List.of(x.dims().get(CHANNELS).value());
    return graph.op(
        "InstanceNormalization",
        Map.of("epsilon", call.number(5).floatValue()),
        graph.name(x),
        graph.constant(Tensor.filled(x.type(), groups, 1)),
        graph.constant(Tensor.filled(x.type(), groups, 0)));
  }

  /** (x - mean)/√(variance + ε), each mean one of means of pieces, so that every sum is short. */
  private static String byLargeGroup(Call call, GraphBuilder graph) {
    Value value = call.value(1);
    String x = graph.name(value);
    String centred = graph.op("Sub", x, meanOfMeans(graph, x, value.dims()));
    String squares = graph.op("Mul", centred, centred);
    String variance = meanOfMeans(graph, squares, value.dims());
    String epsilon = graph.scalar(value.type(), call.number(5));
    return graph.op("Div", centred, graph.op("Sqrt", graph.op("Add", variance, epsilon)));
  }

  /**
   * The mean of [batch, groups, size] over the last axis. By pools, not by reductions: ONNX Runtime
   * reduces a batch of one in another order, and a sample would depend on its company.
   */
  private static String meanOfMeans(GraphBuilder graph, String x, List<Dim> dims) {
    long groups = dims.get(CHANNELS).value();
    long size = dims.get(2).value();
    long piece = (long) Math.sqrt((double) size);
    while (size % piece != 0) {
      piece--;
    }
    long pieces = size / piece;
    Dim batch = dims.get(0);
    List<Dim> apart = List.of(batch, Dim.of(groups * pieces), Dim.of(piece));
    String ofPieces = graph.op("GlobalAveragePool", graph.reshape(x, dims, apart));
    List<Dim> pooled = List.of(batch, Dim.of(groups * pieces), Dim.of(1));
    List<Dim> together = List.of(batch, Dim.of(groups), Dim.of(pieces));
    return graph.op("GlobalAveragePool", graph.reshape(ofPieces, pooled, together));
  }

  private static String batchNorm(Call call, GraphBuilder graph) {
    Value x = call.value(1);
    int axis = call.integer(6) == -1 ? CHANNELS : x.axis(call.integer(6));
    List<Long> order = new ArrayList<>(LongStream.range(0, x.rank()).boxed().toList());
    Collections.swap(order, CHANNELS, axis);
    List<Dim> dims = order.stream().map(i -> x.dims().get(Math.toIntExact(i))).toList();
    String turned = graph.transpose(graph.name(x), order);
    String normal =
        call.flag(9)
            ? byItsOwnStatistics(call, graph, turned, dims)
            : byRunningStatistics(call, graph, turned);
    return graph.transpose(normal, order);
  }

  private static String byRunningStatistics(Call call, GraphBuilder graph, String x) {
    return graph.op(
        "BatchNormalization",
        Map.of("epsilon", call.number(8).floatValue()),
        x,
        graph.name(call.value(4)),
        graph.name(call.value(5)),
        graph.name(call.value(2)),
        graph.name(call.value(3)));
  }

  /** (x - mean)/√(variance + ε) over all axes but the channels'; the training form. */
  private static String byItsOwnStatistics(
      Call call, GraphBuilder graph, String x, List<Dim> dims) {
    List<Long> axes =
        LongStream.range(0, dims.size()).filter(axis -> axis != CHANNELS).boxed().toList();
    String centred = graph.op("Sub", x, Reductions.reduce(graph, "ReduceMean", x, axes, true));
    String squares = graph.op("Mul", centred, centred);
    String variance = Reductions.reduce(graph, "ReduceMean", squares, axes, true);
    String epsilon = graph.scalar(call.self().type(), call.number(8));
    String normal = graph.op("Div", centred, graph.op("Sqrt", graph.op("Add", variance, epsilon)));
    String scaled = graph.op("Mul", normal, perChannel(graph, call.value(4), dims));
    return graph.op("Add", scaled, perChannel(graph, call.value(5), dims));
  }

  private static String perChannel(GraphBuilder graph, Value vector, List<Dim> dims) {
    List<Dim> shape = new ArrayList<>(Collections.nCopies(dims.size(), Dim.of(1)));
    shape.set(CHANNELS, dims.get(CHANNELS));
    return graph.reshape(graph.name(vector), vector.dims(), shape);
  }
}
