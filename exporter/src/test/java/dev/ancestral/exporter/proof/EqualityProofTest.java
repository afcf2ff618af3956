package dev.ancestral.exporter.proof;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.exporter.BlockExporter;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.testing.Corruption;
import dev.ancestral.exporter.testing.TinyNetwork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EqualityProofTest {
  private static final DataSpec DATA = new DataSpec(List.of(1L, 4L, 4L), -1, 1, 0);
  private static final Conditioning CLASSES = new Conditioning(3, List.of(), 3);

  private NDManager manager;
  private TinyNetwork network;
  private NetworkInputs inputs;
  private Graph graph;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    network = new TinyNetwork(manager, DATA, CLASSES, 5);
    inputs = new NetworkInputs(DATA, CLASSES);
    graph =
        BlockExporter.export(
            "tiny", network, inputs.ports(), List.of(NetworkInputs.OUTPUT), manager, Opset.DEFAULT);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private List<ParityFigure> prove(Graph exported) {
    try (DjlModel trained = new DjlModel(network, manager);
        OrtModel model = new OrtModel(OnnxFile.write(exported, Opset.DEFAULT, Map.of()))) {
      return new EqualityProof(network.bundle(), Tolerance.SINGLE).prove(trained, model);
    }
  }

  @Test
  void faithfulExportPasses_andItsOutputsAreWorthComparing() {
    List<ParityFigure> figures = prove(graph);

    assertEquals("batch 1, timestep 0", figures.get(0).name());
    assertEquals("batch 5, timestep 19", figures.get(8).name());
    assertEquals("chain of 5 DDIM steps", figures.get(9).name());
    try (DjlModel trained = new DjlModel(network, manager)) {
      List<Tensor> given =
          inputs.batch(ReverseChain.noise(inputs, 5, 0, 0), 10, inputs.labelsInTurn(5));
      double[] y = trained.run(given).get(0).numbers();
      double mean = Arrays.stream(y).average().orElseThrow();
      double variance = Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      assertTrue(Math.sqrt(variance) >= 0.1, () -> "standard deviation " + Math.sqrt(variance));
    }
  }

  @Test
  void oneCorruptedWeightFails_namingTheCaseAndTheDifference() {
    for (String name : List.of("01in.weight", "01in.bias", "02out.weight", "02out.bias")) {
      ProofException e =
          assertThrows(
              ProofException.class, () -> prove(Corruption.of(graph, name, 3, 0.05f)), name);
      String message = String.valueOf(e.getMessage());
      assertTrue(
          message.matches("batch 1, timestep 0: .* differs by .*expected: at most.*"), message);
    }
  }

  @Test
  void everyLabelIsTried_theNullLabelFirst() {
    assertEquals(
        List.of(3L, 2L, 1L, 0L, 3L), Arrays.stream(inputs.labelsInTurn(5)).boxed().toList());
    int hidden = 16;
    List<String> failures = new ArrayList<>();
    for (int label = 0; label <= CLASSES.numClasses(); label++) {
      Graph wrong = Corruption.of(graph, "labels", label * hidden, 0.5f);
      failures.add(
          String.valueOf(assertThrows(ProofException.class, () -> prove(wrong)).getMessage()));
    }
    assertTrue(failures.get(3).startsWith("batch 1"), failures.get(3));
    assertTrue(failures.get(2).startsWith("batch 2"), failures.get(2));
    assertTrue(failures.get(0).startsWith("batch 5"), failures.get(0));
  }

  private static ParityFigure between(Tensor expected, Tensor actual, Tolerance tolerance) {
    return Difference.between("both", expected, actual, tolerance);
  }

  @Test
  void lostNumbersAreNotOutvoted() {
    Tensor good = Tensor.ofFloats(1, 2, 3);
    Tensor lost = Tensor.ofFloats(1, Float.NaN, 3);
    Tensor infinite = Tensor.ofFloats(1, Float.POSITIVE_INFINITY, 3);
    for (Tolerance tolerance : List.of(Tolerance.SINGLE, Tolerance.HALF)) {
      assertThrows(ProofException.class, () -> between(good, lost, tolerance));
      assertThrows(ProofException.class, () -> between(good, infinite, tolerance));
      assertThrows(ProofException.class, () -> between(lost, lost, tolerance));
      assertThrows(ProofException.class, () -> between(infinite, infinite, tolerance));
      assertThrows(ProofException.class, () -> between(good, Tensor.ofFloats(1, 2), tolerance));
    }
  }

  @Test
  void singlePrecisionMayDifferByATenThousandth_andAtLeastOfOne() {
    Tensor close = Tensor.ofFloats(1, 2, 3.0002f);
    assertEquals(
        3e-4, between(Tensor.ofFloats(1, 2, 3), close, Tolerance.SINGLE).tolerance(), 1e-12);
    assertEquals(
        1e-4,
        between(Tensor.ofFloats(0.01f), Tensor.ofFloats(0.01f), Tolerance.SINGLE).tolerance());
  }
}
