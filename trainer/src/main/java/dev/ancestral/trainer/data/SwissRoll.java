package dev.ancestral.trainer.data;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The swiss roll in the plane: t = 1.5π(1 + 2u) with u uniform, (t·cos t, t·sin t) + 0.5·noise, all
 * ÷ 10; 10 000 points.
 */
final class SwissRoll {
  static final String SOURCE = "builtin:swiss-roll";
  private static final int POINTS = 10_000;
  private static final int DATA_SET = 0;
  private static final int FRESH = 1;
  private static final double NOISE = 0.5;
  private static final double SCALE = 0.1;

  private SwissRoll() {}

  static Dataset open(DataOptions options) {
    options.requireNoImageOptions(SOURCE);
    options.requireNoPointOptions(SOURCE);
    options.requireNoArrayOptions(SOURCE);
    return new PointDataset(
        SOURCE, draw(POINTS, 0, DATA_SET), (count, seed) -> draw(count, seed, FRESH));
  }

  /** Streams of different numbers are different points, whatever the seed. */
  private static List<float[]> draw(int count, long seed, int stream) {
    PhiloxRandom uniform = new PhiloxRandom(seed, NoisePurpose.DATA, 0, stream);
    float[] noise = new float[2 * count];
    GaussianNoise.fill(noise, seed, NoisePurpose.DATA, 1, stream);
    List<float[]> points = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      double t = 1.5 * Math.PI * (1 + 2 * uniform.nextDouble());
      points.add(
          new float[] {
            (float) (SCALE * (t * StrictMath.cos(t) + NOISE * noise[2 * i])),
            (float) (SCALE * (t * StrictMath.sin(t) + NOISE * noise[2 * i + 1]))
          });
    }
    return points;
  }
}
