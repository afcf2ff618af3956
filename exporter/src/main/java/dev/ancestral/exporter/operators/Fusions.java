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
   * A 3×3 convolution of a picture in which each pixel was doubled both ways. Of its three rows,
   * two come from the same one and share their weights' sum; which do so depends on whether the row
   * is even. So it is two convolutions of two rows each, of the picture whose columns alone are
   * doubled, and their rows interleave: 6 products where there were 9. (Doing the same to the
   * columns leaves 4, but to interleave columns costs more than that saves.)
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
    List<Dim> large = convolution.result().dims();
    List<Dim> half = new ArrayList<>(large);
    half.set(2, small.dims().get(2));
    String wide =
        graph.op(
            "Resize",
            Sampling.NEAREST,
            graph.name(small),
            "",
            graph.constant(Tensor.ofFloats(1, 1, 1, 2)));
    List<String> rows = new ArrayList<>();
    for (int row = 0; row < 2; row++) {
      List<String> inputs = new ArrayList<>();
      inputs.add(wide);
      inputs.add(summedRows(graph.name(convolution.value(2)), row, graph));
      convolution.optionalValue(3).ifPresent(bias -> inputs.add(graph.name(bias)));
      List<Long> pads = List.of(1L - row, 1L, (long) row, 1L);
      Map<String, Object> window = Map.of("kernel_shape", List.of(2L, 3L), "pads", pads);
      String alternate = graph.ops("Conv", window, 1, inputs).get(0);
      rows.add(graph.reshape(alternate, half, withRowsOf(1, half)));
    }
    String interleaved = graph.ops("Concat", Map.of("axis", 3L), 1, rows).get(0);
    return graph.reshape(interleaved, withRowsOf(2, half), large);
  }

  /** Each row of a picture as a group of so many: [batch, channels, height, rows, width]. */
  private static List<Dim> withRowsOf(int group, List<Dim> picture) {
    List<Dim> dims = new ArrayList<>(picture);
    dims.add(3, Dim.of(group));
    return dims;
  }

  /** The weights [out, in, 3, 3] as [out, in, 2, 3]; runtimes compute it once, at load. */
  private static String summedRows(String weight, int row, GraphBuilder graph) {
    // Which of the three rows fall on the first and on the second row of the small picture.
    float[][] taps = {{1, 0, 0, 0, 1, 1}, {1, 1, 0, 0, 0, 1}};
    return graph.op("MatMul", graph.constant(Tensor.ofFloats(List.of(2L, 3L), taps[row])), weight);
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
