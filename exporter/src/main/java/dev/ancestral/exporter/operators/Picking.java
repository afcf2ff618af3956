package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Some of the numbers, by position. */
final class Picking {
  private Picking() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(Picking::slice, Call.SLICE);
    entries.put(Picking::take, Call.TAKE);
    entries.put(Picking::takeFlat, "take(NDManager,NDArray)");
    entries.put(Picking::gather, "gather(NDArray,int)");
    entries.put(Picking::embedding, "embedding(NDArray,NDArray,SparseFormat)");
    entries.put(Picking::oneHot, "oneHot(int)", "oneHot(int,DataType)");
    entries.putMany(Picking::topK, "topK(int,int,boolean,boolean)");
  }

  /** A slice of every axis that is not taken whole, then axes dropped and added. */
  private static String slice(Call call, GraphBuilder graph) {
    Value x = call.self();
    List<Dim> starts = new ArrayList<>();
    List<Dim> stops = new ArrayList<>();
    List<Long> axes = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      Dim start = call.dims(1).get(axis);
      Dim stop = call.dims(2).get(axis);
      long step = call.integers(3).get(axis);
      boolean toEnd = stop.equals(Dim.of(Long.MAX_VALUE)) || stop.equals(x.dims().get(axis));
      if (start.equals(Dim.of(0)) && toEnd && step == 1) {
        continue;
      }
      starts.add(start);
      stops.add(stop);
      axes.add((long) axis);
      steps.add(step);
    }
    String sliced = graph.name(x);
    if (!axes.isEmpty()) {
      sliced =
          graph.op(
              "Slice",
              sliced,
              graph.shape(starts),
              graph.shape(stops),
              graph.longs(axes),
              graph.longs(steps));
    }
    List<Long> dropped = call.integers(4);
    if (!dropped.isEmpty()) {
      sliced = graph.op("Squeeze", sliced, graph.longs(dropped));
    }
    List<Long> added = call.integers(5);
    return added.isEmpty() ? sliced : graph.op("Unsqueeze", sliced, graph.longs(added));
  }

  private static String take(Call call, GraphBuilder graph) {
    return graph.op(
        "Gather",
        Map.of("axis", call.integer(1)),
        graph.name(call.self()),
        graph.cast(call.value(2), ElementType.INT64));
  }

  /** Positions count through the flattened array. */
  private static String takeFlat(Call call, GraphBuilder graph) {
    String flat = graph.op("Reshape", graph.name(call.self()), graph.longs(-1));
    return graph.op("Gather", flat, graph.cast(call.value(2), ElementType.INT64));
  }

  private static String gather(Call call, GraphBuilder graph) {
    return graph.op(
        "GatherElements",
        Map.of("axis", call.integer(2)),
        graph.name(call.self()),
        graph.cast(call.value(1), ElementType.INT64));
  }

  private static String embedding(Call call, GraphBuilder graph) {
    return graph.op(
        "Gather", graph.name(call.value(2)), graph.cast(call.value(1), ElementType.INT64));
  }

  private static String oneHot(Call call, GraphBuilder graph) {
    return graph.op(
        "OneHot",
        graph.cast(call.self(), ElementType.INT64),
        graph.longs(call.integer(1)),
        graph.constant(Tensor.pair(call.result().type(), 0, 1)));
  }

  private static List<String> topK(Call call, GraphBuilder graph) {
    return graph.ops(
        "TopK",
        Map.of(
            "axis", call.integer(2),
            "largest", call.flag(3) ? 1L : 0L,
            "sorted", call.flag(4) ? 1L : 0L),
        2,
        List.of(graph.name(call.self()), graph.longs(call.integer(1))));
  }
}
