package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
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
  private static NDManager manager;

  @BeforeAll
  static void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterAll
  static void close() {
    manager.close();
  }

  @TestFactory
  Stream<DynamicTest> equalsOnnxRuntime() {
    return OperatorCases.all().stream()
        .flatMap(
            one ->
                Stream.of(one.oldestOpset(), Opset.NEWEST)
                    .map(
                        opset ->
                            DynamicTest.dynamicTest(
                                one.name() + ", opset " + opset, () -> check(one, opset))));
  }

  @Test
  void everyMappingHasACase() {
    Set<String> untested = new TreeSet<>(OperatorMap.STANDARD.operations());
    untested.removeAll(Set.of(Call.INPUT, Call.PARAMETER, Call.CONSTANT));
    for (OperatorCases.Case one : OperatorCases.all()) {
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

  private static void check(OperatorCases.Case one, int opset) {
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
}
