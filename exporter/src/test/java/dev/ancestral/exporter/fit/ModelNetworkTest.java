package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.exporter.onnx.Tensor;
import dev.ancestral.exporter.proof.Model;
import dev.ancestral.exporter.proof.NetworkInputs;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ModelNetworkTest {
  private static final int NULL_LABEL = 3;
  private static final int SAMPLES = 70;

  /** Answers ten times the label and the state, and a variance half of nonsense after each row. */
  private static final class Labels implements Model {
    private final List<Integer> batches = new ArrayList<>();

    @Override
    public List<Tensor> run(List<Tensor> inputs) {
      double[] x = inputs.get(0).numbers();
      double[] labels = inputs.get(2).numbers();
      batches.add(labels.length);
      float[] outputs = new float[2 * x.length];
      for (int row = 0; row < labels.length; row++) {
        for (int k = 0; k < 2; k++) {
          outputs[4 * row + k] = (float) (10 * labels[row] + x[2 * row + k]);
          outputs[4 * row + 2 + k] = Float.NaN;
        }
      }
      return List.of(Tensor.ofFloats(List.of((long) labels.length, 4L), outputs));
    }

    @Override
    public void close() {}
  }

  private final Labels model = new Labels();
  private final Network network =
      new ModelNetwork(
          model,
          new NetworkInputs(
              new DataSpec(List.of(2L), -1, 1, 0), new Conditioning(3, List.of(), NULL_LABEL)),
          new FitProgress(new PrintWriter(Writer.nullWriter())));

  private final float[][] x = new float[SAMPLES][];
  private final long[] labels = new long[SAMPLES];

  ModelNetworkTest() {
    for (int i = 0; i < SAMPLES; i++) {
      x[i] = new float[] {i / 100f, -i / 100f};
      labels[i] = i % 3;
    }
  }

  @Test
  void rowsGoInBatches_andComeBackInOrder_withoutTheirVarianceHalves() {
    float[][] m = network.predict(x, 5, labels, 1);

    assertEquals(List.of(32, 32, 6), model.batches);
    for (int i = 0; i < SAMPLES; i++) {
      float expected = 10 * (i % 3);
      assertArrayEquals(new float[] {expected + i / 100f, expected - i / 100f}, m[i]);
    }
  }

  @Test
  void anAnswerThatIsNotFinite_isRefused() {
    x[40][1] = Float.NaN;
    assertEquals(
        "network: answers NaN at timestep 5.0 (expected: finite numbers)",
        assertThrows(IllegalArgumentException.class, () -> network.predict(x, 5, labels, 1))
            .getMessage());
  }

  @Test
  void guidedRowsGoTwice_andComeBackGuided() {
    float[][] m = network.predict(x, 5, labels, 2);

    assertEquals(List.of(32, 32, 32, 32, 12), model.batches);
    for (int i : IntStream.range(0, SAMPLES).toArray()) {
      float expected = 10 * NULL_LABEL + 2 * 10 * (i % 3 - NULL_LABEL);
      assertArrayEquals(new float[] {expected + i / 100f, expected - i / 100f}, m[i], 1e-5f);
    }
  }
}
