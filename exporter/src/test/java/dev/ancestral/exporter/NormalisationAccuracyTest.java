package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.LambdaBlock;
import dev.ancestral.exporter.onnx.ElementType;
import dev.ancestral.exporter.onnx.Graph;
import dev.ancestral.exporter.onnx.OnnxFile;
import dev.ancestral.exporter.onnx.Opset;
import dev.ancestral.exporter.onnx.Port;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.proof.OrtModel;
import dev.ancestral.exporter.testing.RandomTensors;
import dev.ancestral.trainer.network.Torch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormalisationAccuracyTest {
  private static final int SIZE = 1 << 22;
  private static final long SEED = 2;

  @Test
  void fourMillionNumbersInAGroup_areNormalisedToTheLastDigits() {
    Port port = new Port("x", ElementType.FLOAT, List.of(1L, (long) SIZE));
    try (NDManager manager = Torch.newManager()) {
      Graph graph =
          BlockExporter.export(
              "norm",
              new LambdaBlock(x -> new NDList(normalised(x.get(0)))),
              List.of(port),
              List.of("y"),
              manager,
              Opset.DEFAULT);
      Tensor x = RandomTensors.of(port, 1, SEED);
      try (OrtModel model = new OrtModel(OnnxFile.write(graph, Opset.DEFAULT, Map.of()))) {
        double[] expected = normalised(x.numbers());
        double[] actual = model.run(List.of(x)).get(0).numbers();
        double largest = 0;
        for (int i = 0; i < SIZE; i++) {
          largest = Math.max(largest, Math.abs(expected[i] - actual[i]));
        }
        assertEquals(0, largest, 2e-6);
      }
    }
  }

  private static NDArray normalised(NDArray x) {
    NDArray ones = x.getManager().ones(new Shape(SIZE));
    NDArray zeros = x.getManager().zeros(new Shape(SIZE));
    return x.getNDArrayInternal()
        .layerNorm(x, new Shape(SIZE), ones, zeros, 1e-5f)
        .singletonOrThrow();
  }

  private static double[] normalised(double[] x) {
    double mean = 0;
    double square = 0;
    for (double value : x) {
      mean += value / x.length;
      square += value * value / x.length;
    }
    double scale = 1 / Math.sqrt(square - mean * mean + 1e-5);
    double[] normal = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      normal[i] = (x[i] - mean) * scale;
    }
    return normal;
  }
}
