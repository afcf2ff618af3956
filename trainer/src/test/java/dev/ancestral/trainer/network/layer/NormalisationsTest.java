package dev.ancestral.trainer.network.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD) // The engine collects gradients once in a process.
class NormalisationsTest extends LayerFixture {
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
  void rmsNormIsTheFormula_alsoScaledAndShifted() {
    RmsNorm norm = new RmsNorm(root, 3);
    initialize();
    array("g").muli(manager.create(new float[] {1, -2, 0.5f}, new Shape(1, 3, 1, 1)));
    float[] gain = values("g");
    NDArray x = noise(new Shape(2, 3, 2, 2)).mul(3).add(1);
    NDArray scale = noise(new Shape(2, 3, 1, 1));
    NDArray shift = scale.cos();
    float[] in = x.toFloatArray();
    float[] plain = norm.apply(pass, x).toFloatArray();
    float[] moved = norm.apply(pass, x, scale, shift).toFloatArray();
    for (int i = 0; i < in.length; i++) {
      int row = i / 12;
      int channel = i / 4 % 3;
      double square = 0;
      for (int c = 0; c < 3; c++) {
        double value = in[row * 12 + c * 4 + i % 4];
        square += value * value / 3;
      }
      double expected = in[i] / Math.sqrt(square) * gain[channel];
      assertEquals(expected, plain[i], 1e-5, "at " + i);
      int at = row * 3 + channel;
      double factor = 1 + scale.toFloatArray()[at];
      assertEquals(expected * factor + shift.toFloatArray()[at], moved[i], 1e-5, "at " + i);
    }
  }

  @Test
  void rmsNormOfNothingIsNothing_andSoIsItsGradient() {
    RmsNorm norm = new RmsNorm(root, 3);
    initialize();
    NDArray x = manager.zeros(new Shape(1, 3, 1, 1));
    x.setRequiresGradient(true);
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      collector.backward(norm.apply(pass, x).sum());
    }
    assertArrayEquals(new float[3], norm.apply(pass, x).toFloatArray());
    for (float slope : x.getGradient().toFloatArray()) {
      assertTrue(Float.isFinite(slope), "slope " + slope);
    }
  }
}
