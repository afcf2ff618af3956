package dev.ancestral.trainer.network.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.Arrays;

/** Initial values as a function of a seed and a name: the engine's own generator is not asked. */
sealed interface PhiloxInitializer extends Initializer {
  /** Fills the values of a parameter. */
  void fill(float[] out);

  @Override
  default NDArray initialize(NDManager manager, Shape shape, DataType dataType) {
    float[] values = new float[Math.toIntExact(shape.size())];
    fill(values);
    return manager.create(values, shape);
  }

  /** Uniform in [min, max). */
  record Uniform(long seed, String name, double min, double max) implements PhiloxInitializer {
    @Override
    public void fill(float[] out) {
      PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.WEIGHTS, name.hashCode(), 0);
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) (min + (max - min) * random.nextDouble());
      }
    }
  }

  /** Standard normal. */
  record Normal(long seed, String name) implements PhiloxInitializer {
    @Override
    public void fill(float[] out) {
      GaussianNoise.fill(out, seed, NoisePurpose.WEIGHTS, name.hashCode(), 0);
    }
  }

  /** The same number everywhere. */
  record Constant(float value) implements PhiloxInitializer {
    @Override
    public void fill(float[] out) {
      Arrays.fill(out, value);
    }
  }
}
