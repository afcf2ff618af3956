package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.ancestral.trainer.config.Decay;
import dev.ancestral.trainer.config.FreezeConfig;
import dev.ancestral.trainer.config.GuardConfig;
import dev.ancestral.trainer.config.OptimizerConfig;
import dev.ancestral.trainer.config.RateConfig;
import dev.ancestral.trainer.config.StopConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamWTest {
  @Test
  void updatesAreAlgorithm2OfLoshchilovAndHutter() {
    OptimizerConfig config =
        new OptimizerConfig(
            new StopConfig(10, null, null, null),
            1,
            1,
            new RateConfig(0.1, 0, Decay.CONSTANT),
            0.05,
            0.9,
            0.99,
            null,
            0,
            new GuardConfig(1, 1),
            new FreezeConfig(List.of()),
            0,
            true,
            null);
    double[] w = {1, -2, 0.5};
    double[] m = new double[3];
    double[] v = new double[3];
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDArray weights = manager.create(new float[] {1, -2, 0.5f});
      AdamW optimizer = new AdamW(manager, config, weights);
      int before = manager.getManagedArrays().size();
      for (int t = 1; t <= 5; t++) {
        float[] gradient = {0.3f * t, -1f / t, 0};
        try (NDManager scratch = manager.newSubManager()) {
          optimizer.update(scratch.create(gradient), t, config.rate().at(t, 10));
        }
        for (int i = 0; i < 3; i++) {
          m[i] = 0.9 * m[i] + 0.1 * gradient[i];
          v[i] = 0.99 * v[i] + 0.01 * gradient[i] * gradient[i];
          double mHat = m[i] / (1 - Math.pow(0.9, t));
          double vHat = v[i] / (1 - Math.pow(0.99, t));
          w[i] -= 0.1 * (mHat / (Math.sqrt(vHat) + 1e-8) + 0.05 * w[i]);
        }
        float[] actual = weights.toFloatArray();
        for (int i = 0; i < 3; i++) {
          assertEquals(w[i], actual[i], 1e-5, "iteration " + t);
        }
      }
      assertEquals(before, manager.getManagedArrays().size());
    }
  }
}
