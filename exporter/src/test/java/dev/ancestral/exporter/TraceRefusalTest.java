package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.testing.Parity;
import dev.ancestral.exporter.trace.TraceException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What must never be baked into a graph silently, and what the errors say. */
class TraceRefusalTest {
  private static final Port INPUT = new Port("x", ElementType.FLOAT, List.of(3L));

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** A block with one parameter around a function. */
  private final class Probe extends AbstractBlock {
    private final UnaryOperator<NDArray> function;
    private final Parameter weight;

    Probe(UnaryOperator<NDArray> function) {
      this.function = function;
      this.weight =
          addParameter(
              Parameter.builder()
                  .setName("weight")
                  .setType(Parameter.Type.WEIGHT)
                  .optShape(new Shape(3))
                  .optInitializer(new NormalInitializer(1f))
                  .build());
      initialize(manager, DataType.FLOAT32, new Shape(1, 3));
    }

    NDArray weightItself() {
      return weight.getArray();
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      NDArray x = inputs.singletonOrThrow();
      return new NDList(function.apply(x.mul(store.getValue(weight, x.getDevice(), training))));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }
  }

  private String refusal(UnaryOperator<NDArray> function) {
    return refusal(new Probe(function));
  }

  private String refusal(Probe probe) {
    TraceException e =
        assertThrows(
            TraceException.class,
            () ->
                BlockExporter.export(
                    "probe", probe, List.of(INPUT), List.of("y"), manager, Opset.DEFAULT));
    return String.valueOf(e.getMessage());
  }

  private static void assertSays(String message, String... parts) {
    for (String part : parts) {
      assertTrue(message.contains(part), () -> message + "\n(expected to contain: " + part + ")");
    }
  }

  private Graph check(UnaryOperator<NDArray> function) {
    return Parity.check("probe", new Probe(function), manager, Opset.DEFAULT, List.of(INPUT), 1);
  }

  @Test
  void operationNobodyMapped_isNamedWithItsBlockAndThePlaceToMapIt() {
    assertSays(
        refusal(x -> x.cumProd(1)),
        "cumProd(int)",
        "block Probe",
        "TraceRefusalTest.java",
        "OperatorMap");
    assertSays(refusal(x -> x.mul(2).cbrt()), "cbrt()");
  }

  @Test
  void hostReadsAreRefused() {
    assertSays(refusal(x -> x.mul(x.getFloat(0, 0))), "getFloat", "block Probe", "reads numbers");
    assertSays(refusal(x -> x.add(x.toFloatArray()[0])), "toFloatArray");
    assertSays(refusal(x -> x.add(x.toByteBuffer().get(0))), "toByteBuffer");
    assertSays(refusal(x -> x.contentEquals(x) ? x : x.neg()), "contentEquals");
  }

  @Test
  void hostReadsOfConstantsAreFine_sinceNoInputCanChangeThem() {
    check(x -> x.mul(x.getManager().create(new float[] {1, 2}).sum().getFloat()));
  }

  @Test
  void untracedArrayOnTheLeft_isRefusedInsteadOfFrozen() {
    NDArray own = manager.create(new float[] {1, 2, 3});
    assertSays(refusal(x -> own.add(x)), "add", "not traced", "block Probe");
    assertSays(refusal(x -> own.addi(x)), "addi", "not traced");
    assertSays(refusal(x -> own.gather(x, 0)), "gather", "not traced");
    assertSays(
        refusal(x -> NDArrays.concat(new NDList(own.reshape(1, 3), x), 0)), "concat", "not traced");
  }

  @Test
  void parameterOnTheLeftThatWasNotFetchedFromTheStore_isRefused() {
    Probe[] self = new Probe[1];
    self[0] = new Probe(x -> self[0].weightItself().mul(x));

    assertSays(refusal(self[0]), "mul", "not traced");
  }

  @Test
  void untracedArrayOnTheRight_becomesAConstant_andAParameterKeepsItsName() {
    NDArray own = manager.create(new float[] {1, 2, 3});
    check(x -> x.add(own));

    Probe[] self = new Probe[1];
    self[0] = new Probe(x -> x.add(self[0].weightItself()));
    Graph graph = Parity.check("probe", self[0], manager, Opset.DEFAULT, List.of(INPUT), 1);
    assertEquals(List.of("weight"), List.copyOf(graph.initializers().keySet()));
  }

  @Test
  void randomNumbersInsideANetwork_areRefused() {
    assertSays(refusal(x -> x.add(x.getManager().randomNormal(x.getShape()))), "randomNormal");
    assertSays(
        refusal(x -> x.getNDArrayInternal().dropout(x, 0.5f, true).singletonOrThrow()),
        "dropout",
        "random");
  }

  @Test
  void constantsThatRepeatAlongTheBatch_stayDynamic() {
    check(x -> x.add(x.getManager().ones(new Shape(x.getShape().get(0), 3))));
    check(x -> x.concat(x.getManager().zeros(new Shape(x.getShape().get(0), 1)), 1));
    check(x -> x.add(x.getManager().arange(3f).broadcast(x.getShape())));
  }

  @Test
  void shapesWithTheBatchInSeveralPlaces_stayDynamic() {
    check(
        x -> {
          long batch = x.getShape().get(0);
          NDArray pairs = x.expandDims(1).broadcast(batch, batch, 3);
          return pairs.mul(2).reshape(batch, 3 * batch).get(":, 0:3");
        });
    check(x -> x.concat(x.mul(2), 0).get("0:{}", x.getShape().get(0)));
  }

  @Test
  void numbersThatDependOnTheBatch_areRefused() {
    assertSays(refusal(x -> x.div(x.getShape().get(0))), "div(Number)", "batch", "block Probe");
    assertSays(refusal(x -> x.mul(1f / x.getShape().get(0))), "mul(Number)", "batch");
    assertSays(
        refusal(x -> x.add(x.getManager().arange((float) x.getShape().get(0)).reshape(-1, 1))),
        "constant",
        "batch");
  }

  @Test
  void anotherWayAtAnotherBatchSize_isRefused() {
    assertSays(
        refusal(x -> x.getShape().get(0) > 2 ? x.neg().neg() : x.neg()), "another way", "block");
    assertSays(refusal(x -> x.getShape().get(0) > 2 ? x.exp() : x.sin()), "exp()", "sin()");
  }

  @Test
  void outputWithoutTheBatch_isRefused() {
    assertSays(refusal(x -> x.sum(new int[] {0})), "y: shape [3]", "[batch, ...]");
  }

  @Test
  void viewUsedAfterItsMemoryChanged_isRefused() {
    assertSays(
        refusal(
            x -> {
              NDArray view = x.reshape(-1, 3, 1);
              x.addi(1);
              return view;
            }),
        "changed in place");
  }

  @Test
  void inPlaceOperations_changeWhatTheArrayStandsFor_andNeverTheWeights() {
    Probe[] self = new Probe[1];
    self[0] = new Probe(x -> x.add(0).muli(2).addi(x));
    float[] before = self[0].weightItself().toFloatArray();
    Parity.check("probe", self[0], manager, Opset.DEFAULT, List.of(INPUT), 1);
    org.junit.jupiter.api.Assertions.assertArrayEquals(
        before, self[0].weightItself().toFloatArray());
  }
}
