package dev.ancestral.exporter.testing;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.ancestral.exporter.BlockExporter;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.proof.Difference;
import dev.ancestral.exporter.proof.DjlModel;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.exporter.proof.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Compares a block with its export, in ONNX Runtime, at batch sizes the trace never saw. */
public final class Parity {
  private static final int[] BATCHES = {1, 5};
  private static final long SEED = 7;

  private Parity() {}

  /**
   * Exports and compares, with tolerance max|Δ| ≤ 1e-4 · max(1, max|y|).
   *
   * @return the exported graph
   */
  public static Graph check(
      String name, Block block, NDManager manager, Opset opset, List<Port> inputs, int outputs) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      names.add("out" + i);
    }
    Graph graph = BlockExporter.export(name, block, inputs, names, manager, opset);
    try (DjlModel trained = new DjlModel(block, manager);
        OrtModel exported = new OrtModel(OnnxFile.write(graph, opset, Map.of()))) {
      for (int batch : BATCHES) {
        List<Tensor> given = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
          given.add(RandomTensors.of(inputs.get(i), batch, SEED + i));
        }
        List<Tensor> expected = trained.run(given);
        List<Tensor> actual = exported.run(given);
        for (int i = 0; i < outputs; i++) {
          Difference.between(
              "%s, batch %d, output %d, seed %d".formatted(name, batch, i, SEED),
              expected.get(i),
              actual.get(i),
              Tolerance.SINGLE);
        }
      }
    }
    return graph;
  }
}
