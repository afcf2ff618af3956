package dev.ancestral.trainer.network.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LayersTest extends LayerFixture {
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
  void spaceToDepthIsTheRearrangementThatAOneByOneConvolutionMixes() {
    SpaceToDepth down = new SpaceToDepth(root, 2, 3);
    initialize();
    int height = 4;
    int width = 6;
    NDArray x = noise(new Shape(1, 2, height, width));
    float[] in = x.toFloatArray();
    float[] weight = values("weight");
    float[] bias = values("bias");
    float[] out = down.apply(pass, x).toFloatArray();
    for (int i = 0; i < out.length; i++) {
      int column = i % 3;
      int row = i / 3 % 2;
      int channel = i / 6;
      double expected = bias[channel];
      for (int k = 0; k < 8; k++) {
        int y = 2 * row + k / 2 % 2;
        int z = 2 * column + k % 2;
        expected += weight[channel * 8 + k] * in[(k / 4 * height + y) * width + z];
      }
      assertEquals(expected, out[i], 1e-5, "at " + i);
    }
  }

  @Test
  void depthwiseConvolutionKeepsTheChannelsApart() {
    Conv2d conv = Conv2d.depthwise(root, 2, 3);
    initialize();
    NDArray x = noise(new Shape(1, 2, 4, 4));
    float[] before = conv.apply(pass, x).toFloatArray();
    NDArray changed = x.duplicate();
    changed.get("0,1").addi(1);
    float[] after = conv.apply(pass, changed).toFloatArray();
    assertEquals(new Shape(2, 1, 3, 3), array("weight").getShape());
    assertArrayEquals(Arrays.copyOf(before, 16), Arrays.copyOf(after, 16));
    assertTrue(Math.abs(before[20] - after[20]) > 1e-3);
  }

  @Test
  void geluIsTheExactOne_notItsTanh() {
    NDArray x = manager.create(new float[] {-2, 0, 1, 3});
    // x·Φ(x); the approximation by tanh gives -0.0454023 at -2.
    assertArrayEquals(
        new float[] {-0.0455003f, 0, 0.8413447f, 2.9959502f},
        Functions.gelu(x).toFloatArray(),
        2e-6f);
  }

  @Test
  void softplusAndItsSlope() {
    NDArray x = manager.create(new float[] {-2, 0, 1});
    assertArrayEquals(
        new float[] {0.1269280f, 0.6931472f, 1.3132617f},
        Functions.softplus(x).toFloatArray(),
        1e-6f);
    assertArrayEquals(
        new float[] {0.1192029f, 0.5f, 0.7310586f},
        Functions.softplusSlope(x).toFloatArray(),
        1e-6f);
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
