package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Pictures in other sizes: pooling and interpolation. */
final class Sampling {
  /** How {@code Resize} repeats each pixel. */
  static final Map<String, Object> NEAREST =
      Map.of(
          "mode", "nearest",
          "nearest_mode", "floor",
          "coordinate_transformation_mode", "asymmetric");

  private static final int CAN_SMOOTH = 18;

  private Sampling() {}

  static void register(OperatorMap.Entries entries) {
    entries.put(Sampling::maxPool, "maxPool(Shape,Shape,Shape,boolean)");
    entries.put(Sampling::avgPool, "avgPool(Shape,Shape,Shape,boolean,boolean)");
    entries.put(global("GlobalMaxPool"), "globalMaxPool()");
    entries.put(global("GlobalAveragePool"), "globalAvgPool()");
    entries.put(Sampling::interpolation, "interpolation(long[],int,boolean)");
  }

  private static String maxPool(Call call, GraphBuilder graph) {
    return graph.op(
        "MaxPool",
        Map.of(
            "kernel_shape", call.integers(1),
            "strides", call.integers(2),
            "pads", Layers.bothEnds(call.integers(3)),
            "ceil_mode", call.flag(4) ? 1L : 0L),
        graph.name(call.self()));
  }

  /** DJL's engine counts the padding in, whatever it is told. */
  private static String avgPool(Call call, GraphBuilder graph) {
    return graph.op(
        "AveragePool",
        Map.of(
            "kernel_shape", call.integers(1),
            "strides", call.integers(2),
            "pads", Layers.bothEnds(call.integers(3)),
            "ceil_mode", call.flag(4) ? 1L : 0L,
            "count_include_pad", 1L),
        graph.name(call.self()));
  }

  /** ONNX keeps the pooled axes at size 1, DJL drops them. */
  private static Lowering.Single global(String operator) {
    return (call, graph) -> {
      String pooled = graph.op(operator, graph.name(call.self()));
      List<Dim> kept = new ArrayList<>(call.result().dims());
      while (kept.size() < call.self().rank()) {
        kept.add(Dim.of(1));
      }
      return graph.reshape(pooled, kept, call.result().dims());
    };
  }

  /**
   * DJL's engine never aligns corners and always smooths while shrinking, whatever it is told; with
   * smoothing, PyTorch's cubic coefficient is -½ and weights outside the picture are left out.
   */
  private static String interpolation(Call call, GraphBuilder graph) {
    long mode = call.integer(2);
    List<Dim> from = call.self().dims();
    List<Dim> to = call.result().dims();
    boolean exact = true;
    boolean shrinks = false;
    float[] scales = new float[from.size()];
    for (int axis = 0; axis < scales.length; axis++) {
      boolean same = from.get(axis).equals(to.get(axis));
      long before = same ? 1 : from.get(axis).value();
      long after = same ? 1 : to.get(axis).value();
      scales[axis] = (float) after / before;
      exact &= after % before == 0;
      shrinks |= after < before;
    }
    Map<String, Object> attributes =
        new TreeMap<>(Map.of("coordinate_transformation_mode", "half_pixel"));
    if (mode == 0) {
      attributes.putAll(NEAREST);
    } else if (mode == 1) {
      attributes.put("mode", "linear");
    } else if (mode == 3) {
      attributes.putAll(Map.of("mode", "cubic", "cubic_coeff_a", -0.5f, "exclude_outside", 1L));
    } else {
      throw call.refuse("mode " + mode + " (expected: 0, 1 or 3)");
    }
    if (mode != 0 && shrinks) {
      if (!graph.opset().atLeast(CAN_SMOOTH)) {
        throw call.refuse("shrinks smoothly (expected: opset at least " + CAN_SMOOTH + ")");
      }
      attributes.putAll(Map.of("antialias", 1L, "exclude_outside", 1L));
    }
    String x = graph.name(call.self());
    return exact
        ? graph.op("Resize", attributes, x, "", graph.constant(Tensor.ofFloats(scales)))
        : graph.op("Resize", attributes, x, "", "", graph.shape(to));
  }
}
