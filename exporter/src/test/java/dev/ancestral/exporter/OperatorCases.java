package dev.ancestral.exporter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Functions of arrays that together use every operation with a mapping. */
final class OperatorCases {
  static final List<Port> MATRIX = List.of(port(ElementType.FLOAT, 3L, 4L));
  static final List<Port> TWO = List.of(MATRIX.get(0), MATRIX.get(0));
  static final List<Port> PICTURE = List.of(port(ElementType.FLOAT, 3L, 8L, 6L));
  static final List<Port> INTEGERS = List.of(port(ElementType.INT64, 3L, 4L));
  static final List<Port> VECTOR_AND_MATRIX =
      List.of(port(ElementType.FLOAT, 3L, 4L), port(ElementType.FLOAT, 4L, 5L));
  static final List<Port> NUMBERS_AND_LABELS =
      List.of(port(ElementType.FLOAT, 4L), port(ElementType.INT64, 2L));

  /**
   * One function.
   *
   * @param oldestOpset the oldest operator set that can express it
   */
  record Case(String name, List<Port> inputs, int oldestOpset, Function<NDList, NDList> function) {}

  private final List<Case> cases = new ArrayList<>();

  private OperatorCases() {}

  static List<Case> all() {
    OperatorCases all = new OperatorCases();
    ElementwiseCases.register(all);
    ShapeCases.register(all);
    LayerCases.register(all);
    return all.cases;
  }

  private static Port port(ElementType type, Long... row) {
    return new Port("x", type, List.of(row));
  }

  void one(String name, Function<NDArray, NDArray> function) {
    on(MATRIX, name, function);
  }

  void on(List<Port> inputs, String name, Function<NDArray, NDArray> function) {
    since(Opset.OLDEST, inputs, name, function);
  }

  void since(int opset, List<Port> inputs, String name, Function<NDArray, NDArray> function) {
    cases.add(new Case(name, inputs, opset, in -> new NDList(function.apply(in.get(0)))));
  }

  void two(String name, BiFunction<NDArray, NDArray, NDArray> function) {
    on2(TWO, name, function);
  }

  void on2(List<Port> inputs, String name, BiFunction<NDArray, NDArray, NDArray> function) {
    many(name, inputs, in -> new NDList(function.apply(in.get(0), in.get(1))));
  }

  void many(String name, List<Port> inputs, Function<NDList, NDList> function) {
    cases.add(new Case(name, inputs, Opset.OLDEST, function));
  }
}
