package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/** The same numbers in another shape, order or number. */
final class Shaping {
  private Shaping() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(
        Shaping::reshape,
        "reshape(Shape)",
        "expandDims(int)",
        "squeeze(int)",
        "squeeze(int[])",
        "flatten()",
        "flatten(int,int)");
    entries.put(Shaping::reverse, "transpose()");
    entries.put(Shaping::transpose, "transpose(int[])");
    entries.put(Shaping::swap, "swapAxes(int,int)");
    entries.put(Shaping::broadcast, "broadcast(Shape)");
    entries.put(Shaping::tile, "tile(long)", "tile(long[])");
    entries.put(
        Shaping::repeat, "repeat(long)", "repeat(int,long)", "repeat(long[])", "repeat(Shape)");
    entries.put(Shaping::flip, "flip(int[])");
  }

  /** Shapes are known at both ends, so how the caller put it does not matter. */
  private static String reshape(Call call, GraphBuilder graph) {
    return graph.reshape(graph.name(call.self()), call.self().dims(), call.result().dims());
  }

  private static String reverse(Call call, GraphBuilder graph) {
    List<Long> order = axes(call.self().rank());
    Collections.reverse(order);
    return graph.transpose(graph.name(call.self()), order);
  }

  private static String transpose(Call call, GraphBuilder graph) {
    List<Long> order = new ArrayList<>();
    call.integers(1).forEach(axis -> order.add((long) call.self().axis(axis)));
    return graph.transpose(graph.name(call.self()), order);
  }

  private static String swap(Call call, GraphBuilder graph) {
    List<Long> order = axes(call.self().rank());
    Collections.swap(order, call.self().axis(call.integer(1)), call.self().axis(call.integer(2)));
    return graph.transpose(graph.name(call.self()), order);
  }

  private static List<Long> axes(int rank) {
    return new ArrayList<>(LongStream.range(0, rank).boxed().toList());
  }

  private static String broadcast(Call call, GraphBuilder graph) {
    return graph.expand(graph.name(call.self()), call.self().dims(), call.result().dims());
  }

  /** Whole copies, one after the other, along each axis. */
  private static String tile(Call call, GraphBuilder graph) {
    List<Dim> from = padded(call.self(), call.result().rank());
    String x = graph.reshape(graph.name(call.self()), call.self().dims(), from);
    return graph.op("Tile", x, graph.shape(factors(call, from, call.result().dims())));
  }

  /** Copies of each element beside it, along each axis: x as [.., n, 1], tiled, as [.., n·k]. */
  private static String repeat(Call call, GraphBuilder graph) {
    List<Dim> from = padded(call.self(), call.result().rank());
    List<Dim> factors = factors(call, from, call.result().dims());
    List<Dim> apart = new ArrayList<>();
    List<Dim> repeats = new ArrayList<>();
    for (int axis = 0; axis < from.size(); axis++) {
      apart.add(from.get(axis));
      repeats.add(Dim.of(1));
      if (!factors.get(axis).equals(Dim.of(1))) {
        apart.add(Dim.of(1));
        repeats.add(factors.get(axis));
      }
    }
    String x = graph.reshape(graph.name(call.self()), call.self().dims(), apart);
    String repeated = graph.op("Tile", x, graph.shape(repeats));
    return graph.reshape(repeated, tiled(apart, repeats), call.result().dims());
  }

  private static List<Dim> tiled(List<Dim> dims, List<Dim> repeats) {
    List<Dim> tiled = new ArrayList<>();
    for (int i = 0; i < dims.size(); i++) {
      tiled.add(repeats.get(i).equals(Dim.of(1)) ? dims.get(i) : repeats.get(i));
    }
    return tiled;
  }

  private static List<Dim> padded(Value value, int rank) {
    List<Dim> dims = new ArrayList<>(Collections.nCopies(rank - value.rank(), Dim.of(1)));
    dims.addAll(value.dims());
    return dims;
  }

  /** How often each axis was repeated, from the shapes. */
  private static List<Dim> factors(Call call, List<Dim> from, List<Dim> to) {
    List<Dim> factors = new ArrayList<>();
    for (int axis = 0; axis < from.size(); axis++) {
      Dim x = from.get(axis);
      Dim y = to.get(axis);
      if (x.equals(y)) {
        factors.add(Dim.of(1));
      } else if (x.equals(Dim.of(1))) {
        factors.add(y);
      } else if (y.isConstant() && x.isConstant()) {
        factors.add(Dim.of(y.value() / x.value()));
      } else if (x.constant() == 0 && y.constant() == 0 && y.perBatch() % x.perBatch() == 0) {
        factors.add(Dim.of(y.perBatch() / x.perBatch()));
      } else {
        throw call.refuse("repeats %s to %s".formatted(x, y));
      }
    }
    return factors;
  }

  /** Backwards, from the last to before the first. */
  private static String flip(Call call, GraphBuilder graph) {
    List<Long> axes = call.integers(1).stream().map(a -> (long) call.self().axis(a)).toList();
    return graph.op(
        "Slice",
        graph.name(call.self()),
        graph.longs(Collections.nCopies(axes.size(), -1L)),
        graph.longs(Collections.nCopies(axes.size(), Long.MIN_VALUE)),
        graph.longs(axes),
        graph.longs(Collections.nCopies(axes.size(), -1L)));
  }
}
