package dev.ancestral.exporter.operators;

import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.Dim;
import dev.ancestral.exporter.trace.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a network writes as several operations and ONNX has a faster form for. Each is recognised at
 * its last operation; the ones before it stay in the graph only where somebody else reads them.
 */
final class Fusions {
  private static final int CHANNELS = 1;
  private static final int PICTURE_RANK = 4;

  private Fusions() {}

  /**
   * x·w + b with a weight and a bias for each channel, as normalisations end: one pass over x
   * instead of two, as the batch normalisation of a mean of 0 and a variance of 1.
   *
   * @param add the last operation
   */
  static Optional<String> channelMap(Call add, GraphBuilder graph) {
    Value product = add.self();
    if (product.rank() <= CHANNELS + 1
        || product.type() != ElementType.FLOAT
        || !product.dims().equals(add.result().dims())) {
      return Optional.empty();
    }
    return graph
        .maker(product, "mul(NDArray)")
        .filter(mul -> mul.self().type() == product.type())
        .filter(mul -> mul.self().dims().equals(product.dims()))
        .flatMap(
            mul ->
                perChannel(mul.value(1), product, graph)
                    .flatMap(
                        weight ->
                            perChannel(add.value(1), product, graph)
                                .map(bias -> channelMap(mul.self(), weight, bias, graph))));
  }

  private static String channelMap(Value x, String weight, String bias, GraphBuilder graph) {
    List<Long> channels = List.of(x.dims().get(CHANNELS).value());
    return graph.op(
        "BatchNormalization",
        Map.of("epsilon", 0f),
        graph.name(x),
        weight,
        bias,
        graph.constant(Tensor.filled(x.type(), channels, 0)),
        graph.constant(Tensor.filled(x.type(), channels, 1)));
  }

  /** The vector of which this is a view [1, channels, 1...], as wide as x. */
  private static Optional<String> perChannel(Value view, Value x, GraphBuilder graph) {
    List<Dim> expected = new ArrayList<>(Collections.nCopies(x.rank(), Dim.of(1)));
    expected.set(CHANNELS, x.dims().get(CHANNELS));
    if (view.type() != x.type() || !view.dims().equals(expected)) {
      return Optional.empty();
    }
    return graph
        .maker(view, "reshape(Shape)")
        .map(Call::self)
        .filter(vector -> vector.dims().equals(List.of(x.dims().get(CHANNELS))))
        .map(graph::name);
  }

  /**
   * A 3×3 convolution of a picture in which each pixel was doubled both ways. Of its nine pixels,
   * those that come from the same one share their weights' sum; which do so depends on whether the
   * row and the column are even. So it is four 2×2 convolutions of the small picture, whose results
   * interleave: 16 products where there were 36.
   *
   * @param convolution of a square kernel
   */
  static Optional<String> convolutionOfDoubled(Call convolution, GraphBuilder graph) {
    boolean plain =
        convolution.value(2).rank() == PICTURE_RANK
            && convolution.value(2).dims().subList(2, 4).equals(List.of(Dim.of(3), Dim.of(3)))
            && Stream.of(4, 5, 6).allMatch(i -> convolution.integers(i).equals(List.of(1L, 1L)))
            && convolution.integer(7) == 1;
    return plain
        ? doubledFrom(convolution.value(1), graph)
            .map(small -> convolutionOfDoubled(convolution, small, graph))
        : Optional.empty();
  }

  private static String convolutionOfDoubled(Call convolution, Value small, GraphBuilder graph) {
    List<String> phases = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 2; column++) {
        List<String> inputs = new ArrayList<>();
        inputs.add(graph.name(small));
        inputs.add(summed(graph.name(convolution.value(2)), row, column, graph));
        convolution.optionalValue(3).ifPresent(bias -> inputs.add(graph.name(bias)));
        phases.add(
            graph
                .ops(
                    "Conv",
                    Map.of(
                        "kernel_shape",
                        List.of(2L, 2L),
                        "pads",
                        List.of(1L - row, 1L - column, (long) row, (long) column)),
                    1,
                    inputs)
                .get(0));
      }
    }
    String stacked = graph.ops("Concat", Map.of("axis", (long) CHANNELS), 1, phases).get(0);
    return graph.op("DepthToSpace", Map.of("blocksize", 2L, "mode", "DCR"), stacked);
  }

  /** The weights [out, in, 3, 3] as [out, in, 2, 2]; runtimes compute it once, at load. */
  private static String summed(String weight, int row, int column, GraphBuilder graph) {
    // Rows of a matrix: which of the three taps fall on the first and on the second small pixel.
    float[][] taps = {{1, 0, 0, 0, 1, 1}, {1, 1, 0, 0, 0, 1}};
    float[][] turned = {{1, 0, 0, 1, 0, 1}, {1, 0, 1, 0, 0, 1}};
    String rows = graph.constant(Tensor.ofFloats(List.of(2L, 3L), taps[row]));
    String columns = graph.constant(Tensor.ofFloats(List.of(3L, 2L), turned[column]));
    return graph.op("MatMul", graph.op("MatMul", rows, weight), columns);
  }

  /** The picture whose pixels were doubled both ways by joining it to itself. */
  private static Optional<Value> doubledFrom(Value large, GraphBuilder graph) {
    return graph
        .maker(large, "reshape(Shape)")
        .flatMap(call -> joinedToItself(call.self(), 3, graph))
        .flatMap(wide -> joinedToItself(wide, 5, graph))
        .flatMap(columns -> graph.maker(columns, "reshape(Shape)").map(Call::self))
        .filter(small -> isDoubled(small, large));
  }

  private static Optional<Value> joinedToItself(Value value, int axis, GraphBuilder graph) {
    return graph
        .maker(value, "concat(NDList,int)")
        .filter(call -> value.rank() == 6 && value.axis(call.integer(2)) == axis)
        .filter(call -> call.values(1).equals(List.of(call.self())))
        .map(Call::self)
        .filter(half -> half.dims().get(axis).equals(Dim.of(1)));
  }

  private static boolean isDoubled(Value small, Value large) {
    return small.rank() == PICTURE_RANK
        && large.rank() == PICTURE_RANK
        && small.dims().subList(0, 2).equals(large.dims().subList(0, 2))
        && twice(small.dims().get(2), large.dims().get(2))
        && twice(small.dims().get(3), large.dims().get(3));
  }

  private static boolean twice(Dim small, Dim large) {
    return small.isConstant() && large.equals(Dim.of(2 * small.value()));
  }
}
