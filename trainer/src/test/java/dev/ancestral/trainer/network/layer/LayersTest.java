package dev.ancestral.trainer.network.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LayersTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final Scope root = Scope.root(p -> parameters.put(p.getName(), p), 4);
  private final Pass pass = new Pass(new ParameterStore(manager, false), Device.cpu(), false);

  @AfterEach
  void close() {
    manager.close();
  }

  private void initialize() {
    parameters.values().forEach(p -> p.initialize(manager, DataType.FLOAT32));
  }

  private NDArray array(String name) {
    return Objects.requireNonNull(parameters.get(name), name).getArray();
  }

  private float[] values(String name) {
    return array(name).toFloatArray();
  }

  private NDArray noise(Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    GaussianNoise.fill(values, 9, NoisePurpose.INITIAL, 0, 0);
    return manager.create(values, shape);
  }

  @Test
  void timestepTenInEightDimensions_cosineFirst() {
    NDArray t = manager.create(new float[] {10});
    assertArrayEquals(
        new float[] {
          -0.839072f, 0.540302f, 0.995004f, 0.99995f, -0.544021f, 0.841471f, 0.099833f, 0.01f
        },
        new TimestepEmbedding(8, 0, true).apply(t).toFloatArray(),
        1e-5f);
  }

  @Test
  void timestepTenInEightDimensions_sineFirstAndShifted() {
    NDArray t = manager.create(new float[] {10});
    assertArrayEquals(
        new float[] {-0.544021f, 0.447671f, 0.021543f, 0.001f, -0.839072f, 0.894198f, 0.999768f, 1},
        new TimestepEmbedding(8, 1, false).apply(t).toFloatArray(),
        1e-5f);
  }

  @Test
  void groupNormIsTheFormula() {
    GroupNorm norm = new GroupNorm(root, 2, 4, 1e-5);
    initialize();
    array("weight").addi(manager.create(new float[] {0, 1, 2, 3}));
    array("bias").addi(manager.create(new float[] {1, 0, -1, 0.5f}));
    NDArray x = noise(new Shape(3, 4, 2, 5)).mul(3).add(1);
    float[] in = x.toFloatArray();
    float[] out = norm.apply(pass, x).toFloatArray();
    for (int i = 0; i < in.length; i++) {
      int channel = i / 10 % 4;
      int group = i / 20;
      double mean = 0;
      double square = 0;
      for (int k = 20 * group; k < 20 * group + 20; k++) {
        mean += in[k] / 20.0;
        square += in[k] * (double) in[k] / 20;
      }
      double normal = (in[i] - mean) / Math.sqrt(square - mean * mean + 1e-5);
      double expected = normal * (1 + channel) + new double[] {1, 0, -1, 0.5}[channel];
      assertEquals(expected, out[i], 1e-4, "at " + i);
    }
  }

  @Test
  void attentionOfEveryHeadIsTheFormula() {
    int channels = 4;
    int headSize = 2;
    int pixels = 6;
    SelfAttention attention = new SelfAttention(root, channels, headSize, 1, 1e-5);
    initialize();
    NDArray x = noise(new Shape(1, channels, 2, 3));
    double[][] tokens = normalised(x.toFloatArray(), channels, pixels);
    double[][] q = linear(tokens, "to_q");
    double[][] k = linear(tokens, "to_k");
    double[][] v = linear(tokens, "to_v");
    double[][] mixed = new double[pixels][channels];
    for (int head = 0; head < channels / headSize; head++) {
      for (int i = 0; i < pixels; i++) {
        double[] weights = new double[pixels];
        double sum = 0;
        for (int j = 0; j < pixels; j++) {
          double score = 0;
          for (int c = head * headSize; c < (head + 1) * headSize; c++) {
            score += q[i][c] * k[j][c];
          }
          weights[j] = Math.exp(score / Math.sqrt(headSize));
          sum += weights[j];
        }
        for (int j = 0; j < pixels; j++) {
          for (int c = head * headSize; c < (head + 1) * headSize; c++) {
            mixed[i][c] += weights[j] / sum * v[j][c];
          }
        }
      }
    }
    double[][] out = linear(mixed, "to_out.0");
    float[] in = x.toFloatArray();
    float[] actual = attention.apply(pass, x).toFloatArray();
    for (int c = 0; c < channels; c++) {
      for (int i = 0; i < pixels; i++) {
        assertEquals(in[c * pixels + i] + out[i][c], actual[c * pixels + i], 1e-5);
      }
    }
  }

  /** One group over everything, as [pixel][channel]. */
  private static double[][] normalised(float[] x, int channels, int pixels) {
    double mean = 0;
    double square = 0;
    for (float value : x) {
      mean += (double) value / x.length;
      square += (double) value * value / x.length;
    }
    double[][] tokens = new double[pixels][channels];
    for (int i = 0; i < x.length; i++) {
      tokens[i % pixels][i / pixels] = (x[i] - mean) / Math.sqrt(square - mean * mean + 1e-5);
    }
    return tokens;
  }

  private double[][] linear(double[][] rows, String name) {
    float[] weight = values(name + ".weight");
    float[] bias = values(name + ".bias");
    int in = weight.length / bias.length;
    double[][] out = new double[rows.length][bias.length];
    for (int r = 0; r < rows.length; r++) {
      for (int o = 0; o < bias.length; o++) {
        out[r][o] = bias[o];
        for (int i = 0; i < in; i++) {
          out[r][o] += weight[o * in + i] * rows[r][i];
        }
      }
    }
    return out;
  }

  @Test
  void upsamplingRepeatsEachPixelInASquare() {
    NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(1, 1, 2, 2));
    assertArrayEquals(
        new float[] {1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4},
        Functions.upsampleNearest(x).toFloatArray());
  }

  @Test
  void siluIsXTimesItsSigmoid() {
    NDArray x = manager.create(new float[] {-2, 0, 1});
    assertArrayEquals(
        new float[] {-0.2384058f, 0, 0.7310586f}, Functions.silu(x).toFloatArray(), 1e-6f);
  }

  @Test
  void dropoutActsOnlyWhileTraining() {
    NDArray ones = manager.ones(new Shape(1000));
    assertTrue(ones == Functions.dropout(pass, ones, 0.5));
    Pass training = new Pass(new ParameterStore(manager, false), Device.cpu(), true);
    float kept =
        Functions.dropout(training, ones, 0.5)
            .gt(0)
            .toType(DataType.FLOAT32, true)
            .sum()
            .getFloat();
    assertTrue(kept > 400 && kept < 600, kept + " of 1000 kept");
  }

  @Test
  void initialWeightsFillPyTorchsBounds() {
    new Conv2d(root.at("conv"), 4, 8, 3, 1);
    new Linear(root.at("linear"), 64, 32);
    Embedding.normal(root.at("embedding"), 50, 40);
    initialize();
    assertUniformWithin(1 / 6.0, values("conv.weight"));
    assertUniformWithin(1 / 8.0, values("linear.weight"));
    float[] embedding = values("embedding.weight");
    double square = 0;
    for (float value : embedding) {
      square += (double) value * value / embedding.length;
    }
    assertEquals(1, square, 0.1);
  }

  private static void assertUniformWithin(double bound, float[] values) {
    double largest = 0;
    double square = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
      square += (double) value * value / values.length;
    }
    assertTrue(largest <= bound && largest > 0.97 * bound, largest + " of " + bound);
    assertEquals(bound * bound / 3, square, 0.15 * bound * bound / 3);
  }
}
