package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.pooling.Pool;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.operators.OperatorMap;
import dev.ancestral.exporter.testing.Parity;
import dev.ancestral.exporter.trace.Call;
import dev.ancestral.exporter.trace.CallGraph;
import dev.ancestral.exporter.trace.DjlTensors;
import dev.ancestral.exporter.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every operation that has a mapping, in DJL and in ONNX Runtime on the same random numbers, at two
 * batch sizes, for the oldest and the newest operator set. Tolerance: {@link
 * dev.ancestral.exporter.proof.Difference}.
 */
class OperatorParityTest {
  private static final List<Port> MATRIX = List.of(port(ElementType.FLOAT, 3L, 4L));
  private static final List<Port> TWO = List.of(MATRIX.get(0), MATRIX.get(0));
  private static final List<Port> PICTURE = List.of(port(ElementType.FLOAT, 3L, 8L, 6L));
  private static final List<Port> INTEGERS = List.of(port(ElementType.INT64, 3L, 4L));
  private static final List<Port> VECTOR_AND_MATRIX =
      List.of(port(ElementType.FLOAT, 3L, 4L), port(ElementType.FLOAT, 4L, 5L));
  private static final List<Port> NUMBERS_AND_LABELS =
      List.of(port(ElementType.FLOAT, 4L), port(ElementType.INT64, 2L));

  private static NDManager manager;

  private record Case(
      String name, List<Port> inputs, int oldestOpset, Function<NDList, NDList> function) {
    Case(String name, List<Port> inputs, Function<NDList, NDList> function) {
      this(name, inputs, Opset.OLDEST, function);
    }
  }

  @BeforeAll
  static void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  private static Port port(ElementType type, Long... row) {
    return new Port("x", type, List.of(row));
  }

  @TestFactory
  Stream<DynamicTest> equalsOnnxRuntime() {
    return cases().stream()
        .flatMap(
            one ->
                Stream.of(one.oldestOpset(), Opset.NEWEST)
                    .map(
                        opset ->
                            DynamicTest.dynamicTest(
                                one.name() + ", opset " + opset, () -> check(one, opset))));
  }

  private static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    arithmetic(cases);
    comparisons(cases);
    shaping(cases);
    joining(cases);
    picking(cases);
    reductions(cases);
    activations(cases);
    layers(cases);
    pictures(cases);
    return cases;
  }

  @Test
  void everyMappingIsCheckedAbove() {
    Set<String> untested = new TreeSet<>(OperatorMap.STANDARD.operations());
    untested.removeAll(Set.of(Call.INPUT, Call.PARAMETER, Call.CONSTANT));
    for (Case one : cases()) {
      CallGraph calls =
          Tracer.trace(
              new LambdaBlock(one.function()),
              named(one.inputs()),
              manager,
              OperatorMap.STANDARD::covers);
      calls.calls().forEach(call -> untested.remove(call.operation()));
    }
    assertEquals(Set.of(), untested);
  }

  private static List<Port> named(List<Port> ports) {
    List<Port> inputs = new ArrayList<>();
    for (Port port : ports) {
      inputs.add(new Port("in" + inputs.size(), port.type(), port.row()));
    }
    return inputs;
  }

  private static void check(Case one, int opset) {
    List<Port> inputs = named(one.inputs());
    int[] outputs = new int[1];
    NDList example = new NDList();
    try (NDManager scratch = manager.newSubManager()) {
      for (Port port : inputs) {
        long[] shape =
            Stream.concat(Stream.of(2L), port.row().stream()).mapToLong(n -> n).toArray();
        DataType type = DjlTensors.of(port.type());
        example.add(scratch.zeros(new Shape(shape), type));
      }
      outputs[0] = one.function().apply(example).size();
    }
    Parity.check(
        one.name(), new LambdaBlock(one.function()), manager, new Opset(opset), inputs, outputs[0]);
  }

  private static void one(List<Case> cases, String name, Function<NDArray, NDArray> function) {
    on(cases, MATRIX, name, function);
  }

  private static void on(
      List<Case> cases, List<Port> inputs, String name, Function<NDArray, NDArray> function) {
    cases.add(new Case(name, inputs, in -> new NDList(function.apply(in.get(0)))));
  }

  private static void two(
      List<Case> cases, String name, BiFunction<NDArray, NDArray, NDArray> function) {
    on2(cases, TWO, name, function);
  }

  private static void on2(
      List<Case> cases,
      List<Port> inputs,
      String name,
      BiFunction<NDArray, NDArray, NDArray> function) {
    cases.add(new Case(name, inputs, in -> new NDList(function.apply(in.get(0), in.get(1)))));
  }

  private static void arithmetic(List<Case> cases) {
    two(cases, "add", NDArray::add);
    two(cases, "sub", NDArray::sub);
    two(cases, "mul", NDArray::mul);
    two(cases, "div", (x, y) -> x.div(y.abs().add(1)));
    two(cases, "pow", (x, y) -> x.abs().pow(y));
    two(cases, "mod", (x, y) -> x.mod(y.abs().add(1)));
    two(cases, "maximum", NDArray::maximum);
    two(cases, "minimum", NDArray::minimum);
    two(cases, "NDArrays.add", (x, y) -> NDArrays.add(x, y));
    two(cases, "broadcast row", (x, y) -> x.add(y.get(":, 0:1")));
    one(cases, "add a number", x -> x.add(2));
    one(cases, "sub a number", x -> x.sub(0.5));
    one(cases, "number minus x", x -> NDArrays.sub(1, x));
    one(cases, "number over x", x -> NDArrays.div(1, x.abs().add(1)));
    one(cases, "number to the x", x -> NDArrays.pow(2, x));
    one(cases, "mul a number", x -> x.mul(3f));
    one(cases, "div a number", x -> x.div(3));
    one(cases, "pow a number", x -> x.pow(2));
    one(cases, "mod a number", x -> x.mod(0.7));
    one(cases, "maximum with a number", x -> x.maximum(0.1));
    one(cases, "minimum with a number", x -> x.minimum(0.1));
    one(cases, "clip", x -> x.clip(-0.5, 0.5));
    one(cases, "in place", x -> x.add(0).addi(1).muli(2).subi(3).divi(4).negi());
    one(cases, "neg", NDArray::neg);
    one(cases, "abs", NDArray::abs);
    one(cases, "sign", NDArray::sign);
    one(cases, "floor", NDArray::floor);
    one(cases, "ceil", NDArray::ceil);
    one(cases, "round", x -> x.mul(2).round());
    one(cases, "trunc", x -> x.mul(2).trunc());
    one(cases, "sqrt", x -> x.abs().sqrt());
    one(cases, "square", NDArray::square);
    one(cases, "exp", NDArray::exp);
    one(cases, "log", x -> x.abs().log());
    one(cases, "log2", x -> x.abs().log2());
    one(cases, "log10", x -> x.abs().log10());
    one(cases, "erf", NDArray::erf);
    one(cases, "sin", NDArray::sin);
    one(cases, "cos", NDArray::cos);
    one(cases, "tan", x -> x.clip(-1, 1).tan());
    one(cases, "asin", x -> x.clip(-1, 1).asin());
    one(cases, "acos", x -> x.clip(-1, 1).acos());
    one(cases, "atan", NDArray::atan);
    one(cases, "sinh", NDArray::sinh);
    one(cases, "cosh", NDArray::cosh);
    one(cases, "tanh", NDArray::tanh);
    one(cases, "toDegrees", NDArray::toDegrees);
    one(cases, "toRadians", NDArray::toRadians);
    one(cases, "toType", x -> x.mul(3).toType(DataType.INT32, false));
    on(cases, INTEGERS, "whole numbers times a float", x -> x.mul(0.5f));
    on(cases, INTEGERS, "whole numbers over a whole number", x -> x.div(2));
    on(cases, INTEGERS, "whole numbers modulo", x -> x.sub(2).mod(3));
    on(cases, INTEGERS, "sqrt of whole numbers", NDArray::sqrt);
  }

  private static void comparisons(List<Case> cases) {
    two(cases, "gt", NDArray::gt);
    two(cases, "gte", NDArray::gte);
    two(cases, "lt", NDArray::lt);
    two(cases, "lte", NDArray::lte);
    two(cases, "eq", (x, y) -> x.sign().eq(y.sign()));
    two(cases, "neq", (x, y) -> x.sign().neq(y.sign()));
    two(cases, "and", (x, y) -> x.gt(0).logicalAnd(y.gt(0)));
    two(cases, "or", (x, y) -> x.gt(0).logicalOr(y.gt(0)));
    two(cases, "xor", (x, y) -> x.gt(0).logicalXor(y.gt(0)));
    two(cases, "where", (x, y) -> NDArrays.where(x.gt(0), x, y));
    one(cases, "not", x -> x.gt(0.5).logicalNot());
    one(cases, "lt a number", x -> x.lt(0.5));
    one(cases, "lte a number", x -> x.sign().lte(0));
    one(cases, "gte a number", x -> x.sign().gte(0));
    one(cases, "neq a number", x -> x.sign().neq(1));
    one(cases, "isNaN", x -> x.log().isNaN());
    one(cases, "isInfinite", x -> x.sign().maximum(0).log().isInfinite());
    on(cases, INTEGERS, "whole numbers eq", x -> x.eq(2));
    on(cases, INTEGERS, "whole numbers gt a fraction", x -> x.gt(1.5));
    one(cases, "truth values as numbers", x -> x.gt(0).toType(DataType.FLOAT32, false).mul(x));
  }

  private static void shaping(List<Case> cases) {
    one(cases, "reshape with the batch inferred", x -> x.reshape(-1, 2, 6));
    one(cases, "reshape with the batch named", x -> x.reshape(x.getShape().get(0), 12));
    one(cases, "reshape joins batch and rows", x -> x.reshape(-1, 4).mul(2).reshape(-1, 3, 4));
    one(cases, "expandDims and squeeze", x -> x.expandDims(1).mul(2).squeeze(1));
    one(cases, "squeeze several", x -> x.expandDims(1).expandDims(4).squeeze(new int[] {1, 4}));
    one(cases, "flatten", x -> x.flatten(1, 2));
    one(cases, "flatten all", x -> x.flatten().mul(2).reshape(x.getShape()));
    one(cases, "transpose", x -> x.transpose(0, 2, 1));
    one(cases, "transpose all", x -> x.transpose().exp().transpose());
    one(cases, "swapAxes", x -> x.swapAxes(1, 2));
    one(cases, "broadcast", x -> x.expandDims(1).broadcast(x.getShape().get(0), 5, 3, 4));
    one(cases, "broadcast over the batch", x -> x.sum(new int[] {0}).broadcast(x.getShape()));
    one(cases, "tile", x -> x.tile(new long[] {1, 2, 3}));
    one(cases, "tile every axis", x -> x.tile(2).get("0:{}", x.getShape().get(0)));
    one(cases, "repeat every axis", x -> x.repeat(2).get("0:{}", x.getShape().get(0)));
    one(cases, "repeat to a shape", x -> x.repeat(new Shape(x.getShape().get(0), 6, 4)));
    one(cases, "repeat along an axis", x -> x.repeat(2, 3));
    one(cases, "repeat along all", x -> x.repeat(new long[] {1, 2, 3}));
    one(cases, "flip", x -> x.flip(1, 2));
    one(cases, "zerosLike", x -> x.zerosLike().add(x));
    one(cases, "onesLike", x -> x.onesLike().mul(x));
    one(cases, "duplicate", x -> x.duplicate().addi(1).add(x));
    one(cases, "stopGradient", x -> x.stopGradient().add(x));
    one(cases, "swap twice", x -> x.swapAxes(1, 2).swapAxes(1, 2));
  }

  private static void joining(List<Case> cases) {
    two(cases, "concat", (x, y) -> x.concat(y, 1));
    two(cases, "concat at the end", (x, y) -> x.concat(y, -1));
    two(cases, "NDArrays.concat", (x, y) -> NDArrays.concat(new NDList(x, y, x), 2));
    two(cases, "stack", (x, y) -> x.stack(y, 1));
    two(cases, "NDArrays.stack", (x, y) -> NDArrays.stack(new NDList(x, y), 3));
    cases.add(new Case("split evenly", MATRIX, in -> in.get(0).split(2, 2)));
    cases.add(new Case("split", MATRIX, in -> in.get(0).split(new long[] {1, 3}, 2)));
    one(cases, "pad", x -> x.pad(new Shape(1, 2, 0, 1), 0.5));
  }

  private static void picking(List<Case> cases) {
    one(cases, "slice", x -> x.get(":, 1:3, ::2"));
    one(cases, "slice from the end", x -> x.get(":, -2:, :-1"));
    one(cases, "fixed position", x -> x.get(":, 1"));
    one(cases, "last position", x -> x.get("..., -1"));
    one(cases, "new axis", x -> x.get(new NDIndex(":, null, 1:")));
    one(cases, "rows of the batch", x -> x.get("0:{}", x.getShape().get(0)));
    one(cases, "constant indices", x -> x.get(":, {}", x.getManager().create(new long[] {2, 0})));
    on2(cases, NUMBERS_AND_LABELS, "gather", (x, labels) -> x.gather(labels, 1));
    on2(
        cases,
        NUMBERS_AND_LABELS,
        "take from a table",
        (x, labels) ->
            x.getManager().arange(8f).reshape(4, 2).get(labels.get(":, 0")).add(x.get(":, 0:2")));
    on2(
        cases,
        NUMBERS_AND_LABELS,
        "embedding",
        (x, labels) -> {
          NDArray table = x.getManager().arange(20f).reshape(4, 5);
          return Embedding.embedding(labels, table, SparseFormat.DENSE).singletonOrThrow();
        });
    on2(
        cases,
        NUMBERS_AND_LABELS,
        "take from the flattened",
        (x, labels) -> x.getManager().arange(8f).reshape(2, 4).take(labels).add(x.get(":, 0:2")));
    on2(cases, NUMBERS_AND_LABELS, "oneHot", (x, labels) -> labels.oneHot(4));
    on2(
        cases,
        NUMBERS_AND_LABELS,
        "oneHot of a type",
        (x, labels) -> labels.oneHot(4, DataType.INT64));
    cases.add(new Case("topK", MATRIX, in -> in.get(0).topK(2, 2, true, true)));
  }

  private static void reductions(List<Case> cases) {
    one(cases, "sum", x -> x.sum(new int[] {1, 2}));
    one(cases, "sum keeping axes", x -> x.sum(new int[] {2}, true));
    one(cases, "mean", x -> x.mean(new int[] {1}));
    one(cases, "max", x -> x.max(new int[] {2}, true));
    one(cases, "min", x -> x.min(new int[] {-1}));
    one(cases, "prod", x -> x.prod(new int[] {2}));
    one(cases, "reductions of all", x -> x.add(x.sum()).add(x.mean()).add(x.max()).add(x.min()));
    one(cases, "prod of all", x -> x.tanh().prod().add(x));
    on(cases, INTEGERS, "sum of whole numbers", x -> x.sum(new int[] {2}));
    one(cases, "norm", x -> x.norm(new int[] {2}));
    one(cases, "norm of all", x -> x.div(x.norm()));
    one(cases, "normalize", x -> x.normalize(2, 2));
    one(cases, "argMax", x -> x.argMax(2));
    one(cases, "argMin", x -> x.argMin(1));
    one(cases, "argMax of all", x -> x.add(x.argMax()));
    one(cases, "argMin of all", x -> x.add(x.argMin()));
    one(cases, "cumSum", x -> x.cumSum(1));
    one(cases, "cumSum of the first axis", x -> x.transpose(1, 0, 2).cumSum().transpose(1, 0, 2));
    one(cases, "softmax", x -> x.softmax(-1));
    one(cases, "logSoftmax", x -> x.logSoftmax(1));
  }

  private static void activations(List<Case> cases) {
    one(cases, "relu", Activation::relu);
    one(cases, "relu6", x -> Activation.relu6(x.mul(5)));
    one(cases, "sigmoid", Activation::sigmoid);
    one(cases, "tanh activation", Activation::tanh);
    one(cases, "softPlus", Activation::softPlus);
    one(cases, "softSign", Activation::softSign);
    one(cases, "leakyRelu", x -> Activation.leakyRelu(x, 0.2f));
    one(cases, "elu", x -> Activation.elu(x, 0.7f));
    one(cases, "selu", Activation::selu);
    one(cases, "gelu", Activation::gelu);
    one(cases, "swish", x -> Activation.swish(x, 1.5f));
    one(cases, "mish", Activation::mish);
  }

  private static void layers(List<Case> cases) {
    on2(cases, VECTOR_AND_MATRIX, "matMul", NDArray::matMul);
    on2(cases, VECTOR_AND_MATRIX, "batchMatMul", NDArray::batchMatMul);
    one(
        cases,
        "dot",
        x -> {
          NDArray weights = x.getManager().create(new float[] {1, -2, 3, 4});
          return x.add(x.sum(new int[] {0, 1}).dot(weights));
        });
    one(
        cases,
        "dropout at inference",
        x -> x.getNDArrayInternal().dropout(x, 0.5f, false).singletonOrThrow());
    one(
        cases,
        "layerNorm",
        x -> {
          Shape row = new Shape(4);
          NDArray gamma = x.getManager().create(new float[] {1, 2, 3, 4});
          return x.getNDArrayInternal()
              .layerNorm(x, row, gamma, gamma.neg(), 1e-5f)
              .singletonOrThrow();
        });
    one(
        cases,
        "layerNorm of groups",
        x -> {
          NDArray ones = x.getManager().ones(new Shape(4));
          NDArray zeros = x.getManager().zeros(new Shape(4));
          return x.getNDArrayInternal()
              .layerNorm(x, new Shape(4), ones, zeros, 1e-3f)
              .singletonOrThrow();
        });
    one(
        cases,
        "batchNorm by running statistics",
        x -> {
          NDArray gamma = x.getManager().create(new float[] {1, 2, 3});
          return x.getNDArrayInternal()
              .batchNorm(x, gamma.neg(), gamma.exp(), gamma, gamma.neg(), 1, 0.9f, 1e-3f, false)
              .singletonOrThrow();
        });
    one(
        cases,
        "convolution",
        x -> {
          NDArray weight = x.getManager().arange(18f).sub(9).reshape(2, 3, 3);
          Shape one = new Shape(1);
          return x.getNDArrayInternal()
              .convolution(x, weight, null, new Shape(2), one, one, 1)
              .singletonOrThrow();
        });
    one(
        cases,
        "linear",
        x -> {
          NDArray weight = x.getManager().arange(8f).sub(4).reshape(2, 4);
          return x.getNDArrayInternal().linear(x, weight, null).singletonOrThrow();
        });
    one(
        cases,
        "batchNorm by its own statistics",
        x -> {
          NDArray gamma = x.getManager().create(new float[] {1, 2, 3});
          return x.getNDArrayInternal()
              .batchNorm(x, gamma.neg(), gamma.exp(), gamma, gamma.neg(), 1, 0.9f, 1e-5f, true)
              .singletonOrThrow();
        });
  }

  private static void pictures(List<Case> cases) {
    Shape two = new Shape(2, 2);
    Shape none = new Shape(0, 0);
    Shape one = new Shape(1, 1);
    Shape three = new Shape(3, 3);
    on(cases, PICTURE, "maxPool", x -> Pool.maxPool2d(x, two, two, none, false));
    on(cases, PICTURE, "maxPool padded", x -> Pool.maxPool2d(x, three, two, one, true));
    on(cases, PICTURE, "avgPool", x -> Pool.avgPool2d(x, two, two, none, false, true));
    on(cases, PICTURE, "avgPool padded", x -> Pool.avgPool2d(x, three, two, one, false, true));
    on(cases, PICTURE, "globalAvgPool", Pool::globalAvgPool2d);
    on(cases, PICTURE, "globalMaxPool", Pool::globalMaxPool2d);
    for (int mode : new int[] {0, 1, 3}) {
      for (long[] size : new long[][] {{16, 12}, {9, 17}, {5, 9}, {3, 4}}) {
        boolean smooth = mode != 0 && size[0] < 8;
        cases.add(
            new Case(
                "interpolation mode %d to %dx%d".formatted(mode, size[0], size[1]),
                PICTURE,
                smooth ? 18 : Opset.OLDEST,
                in -> {
                  NDArray x = in.get(0);
                  return new NDList(x.getNDArrayInternal().interpolation(size, mode, false));
                }));
      }
    }
  }
}
