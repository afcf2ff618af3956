package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Several arrays to one, and one to several. */
final class Joining {
  private Joining() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(Joining::concat, "concat(NDList,int)");
    entries.put(Joining::stack, "stack(NDList,int)");
    entries.putMany(Joining::split, "split(long,int)", "split(long[],int)");
    entries.put(Joining::pad, "pad(Shape,double)");
  }

  private static List<Value> all(Call call) {
    List<Value> all = new ArrayList<>();
    all.add(call.self());
    all.addAll(call.values(1));
    return all;
  }

  private static String concat(Call call, GraphBuilder graph) {
    List<String> parts =
        all(call).stream().map(part -> graph.cast(part, call.result().type())).toList();
    long axis = call.result().axis(call.integer(2));
    return graph.ops("Concat", Map.of("axis", axis), 1, parts).get(0);
  }

  private static String stack(Call call, GraphBuilder graph) {
    long axis = call.result().axis(call.integer(2));
    List<String> parts = new ArrayList<>();
    for (Value part : all(call)) {
      String x = graph.cast(part, call.result().type());
      parts.add(graph.op("Unsqueeze", x, graph.longs(axis)));
    }
    return graph.ops("Concat", Map.of("axis", axis), 1, parts).get(0);
  }

  private static List<String> split(Call call, GraphBuilder graph) {
    int axis = call.self().axis(call.integer(2));
    List<Dim> sizes = call.results().stream().map(part -> part.dims().get(axis)).toList();
    List<String> inputs = List.of(graph.name(call.self()), graph.shape(sizes));
    return graph.ops("Split", Map.of("axis", (long) axis), sizes.size(), inputs);
  }

  /** PyTorch lists (before, after) from the last axis; ONNX all befores, then all afters. */
  private static String pad(Call call, GraphBuilder graph) {
    List<Long> given = call.integers(1);
    int rank = call.self().rank();
    Long[] pads = new Long[2 * rank];
    Arrays.fill(pads, 0L);
    for (int i = 0; i < given.size() / 2; i++) {
      pads[rank - 1 - i] = given.get(2 * i);
      pads[2 * rank - 1 - i] = given.get(2 * i + 1);
    }
    return graph.op(
        "Pad",
        graph.name(call.self()),
        graph.longs(List.of(pads)),
        graph.scalar(call.self().type(), call.number(2)));
  }
}
