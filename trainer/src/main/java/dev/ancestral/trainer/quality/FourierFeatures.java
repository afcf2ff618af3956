package dev.ancestral.trainer.quality;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.List;

/**
 * Waves of random directions and lengths (Rahimi and Recht 2007, "Random Features for Large-Scale
 * Kernel Machines", algorithm 1): points with the same means of all of them are equally
 * distributed, so mean and covariance of these features tell a ring from a blob, which those of the
 * points themselves do not. The lengths halve from the size of the whole cloud to a sixteenth of
 * it, since what is finer than its windings is seen by short waves alone. Pure once made.
 */
final class FourierFeatures implements Features {
  private static final int OCTAVES = 5;

  /** Half of the features are cosines, half sines. */
  private static final int WAVES = MOST / 2;

  /** Of each wave, [wave][number], in radians per unit. */
  private final float[][] frequencies;

  private FourierFeatures(float[][] frequencies) {
    this.frequencies = frequencies;
  }

  static FourierFeatures fit(LabelledSamples reference, long seed) {
    double size = deviation(reference);
    float[][] frequencies = new float[WAVES][reference.spec().elements()];
    for (int wave = 0; wave < WAVES; wave++) {
      GaussianNoise.fill(frequencies[wave], seed, NoisePurpose.WEIGHTS, wave, 2);
      double length = size / (1 << (wave % OCTAVES));
      for (int k = 0; k < frequencies[wave].length; k++) {
        frequencies[wave][k] /= (float) length;
      }
    }
    return new FourierFeatures(frequencies);
  }

  /** Root mean square distance to the mean; 1 where all points are the same. */
  private static double deviation(LabelledSamples reference) {
    int elements = reference.spec().elements();
    double[] sum = new double[elements];
    double squares = 0;
    for (int i = 0; i < reference.size(); i++) {
      float[] sample = reference.sample(i);
      for (int k = 0; k < elements; k++) {
        sum[k] += sample[k];
        squares += (double) sample[k] * sample[k];
      }
    }
    double variance = squares / reference.size();
    for (double number : sum) {
      variance -= number / reference.size() * (number / reference.size());
    }
    return variance > 0 ? Math.sqrt(variance) : 1;
  }

  @Override
  public int size() {
    return 2 * frequencies.length;
  }

  @Override
  public float[][] of(List<float[]> samples) {
    return samples.stream().map(this::waves).toArray(float[][]::new);
  }

  private float[] waves(float[] sample) {
    float[] waves = new float[size()];
    for (int wave = 0; wave < frequencies.length; wave++) {
      double phase = 0;
      for (int k = 0; k < sample.length; k++) {
        phase += (double) frequencies[wave][k] * sample[k];
      }
      // StrictMath, since the same fit has to give the same bytes on every machine.
      waves[2 * wave] = (float) StrictMath.cos(phase);
      waves[2 * wave + 1] = (float) StrictMath.sin(phase);
    }
    return waves;
  }

  @Override
  public String description() {
    return "%d random waves".formatted(size());
  }

  @Override
  public void close() {
    // Nothing is kept.
  }
}
