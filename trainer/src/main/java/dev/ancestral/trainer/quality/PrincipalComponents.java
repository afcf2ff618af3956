package dev.ancestral.trainer.quality;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.List;

/**
 * The subspace in which samples vary most, found by orthogonal iteration (Golub and Van Loan,
 * "Matrix Computations", 7.3.2) with C·Q = Xᵀ(X·Q)/n, so that no covariance of all pixels is
 * needed. Its axes are any of that subspace: distances do not depend on them. Pure once made.
 */
final class PrincipalComponents implements Features {
  private static final int ITERATIONS = 12;
  private static final int MOST_SAMPLES = 1000;

  private final float[] mean;

  /** Orthonormal, one axis a row. */
  private final float[][] axes;

  private PrincipalComponents(float[] mean, float[][] axes) {
    this.mean = mean;
    this.axes = axes;
  }

  static PrincipalComponents fit(LabelledSamples reference, long seed) {
    int count = Math.min(MOST_SAMPLES, reference.size());
    int[] order = new PhiloxRandom(seed, NoisePurpose.DATA, 0, 1).permutation(reference.size());
    float[][] centred = new float[count][];
    float[] mean = new float[reference.spec().elements()];
    for (int i = 0; i < count; i++) {
      centred[i] = reference.sample(order[i]);
      for (int k = 0; k < mean.length; k++) {
        mean[k] += centred[i][k] / count;
      }
    }
    for (float[] sample : centred) {
      for (int k = 0; k < mean.length; k++) {
        sample[k] -= mean[k];
      }
    }
    float[][] axes = new float[MOST][mean.length];
    for (int a = 0; a < MOST; a++) {
      GaussianNoise.fill(axes[a], seed, NoisePurpose.WEIGHTS, a, 1);
    }
    orthonormalise(axes);
    for (int iteration = 0; iteration < ITERATIONS; iteration++) {
      float[][] next = new float[MOST][mean.length];
      for (float[] sample : centred) {
        for (int a = 0; a < MOST; a++) {
          add(next[a], (float) dot(axes[a], sample), sample);
        }
      }
      axes = next;
      orthonormalise(axes);
    }
    return new PrincipalComponents(mean, axes);
  }

  /** Gram and Schmidt, twice, which is enough; an axis without anything of its own becomes 0. */
  private static void orthonormalise(float[][] axes) {
    for (int a = 0; a < axes.length; a++) {
      double before = Math.sqrt(dot(axes[a], axes[a]));
      for (int pass = 0; pass < 2; pass++) {
        for (int b = 0; b < a; b++) {
          add(axes[a], (float) -dot(axes[a], axes[b]), axes[b]);
        }
      }
      double norm = Math.sqrt(dot(axes[a], axes[a]));
      // Below float's precision what is left is rounding, not direction.
      float factor = norm > 1e-6 * before ? (float) (1 / norm) : 0;
      for (int k = 0; k < axes[a].length; k++) {
        axes[a][k] *= factor;
      }
    }
  }

  private static double dot(float[] a, float[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += (double) a[k] * b[k];
    }
    return sum;
  }

  private static void add(float[] to, float factor, float[] what) {
    for (int k = 0; k < to.length; k++) {
      to[k] += factor * what[k];
    }
  }

  @Override
  public int size() {
    return axes.length;
  }

  @Override
  public float[][] of(List<float[]> samples) {
    return samples.stream().map(this::project).toArray(float[][]::new);
  }

  private float[] project(float[] sample) {
    float[] centred = sample.clone();
    add(centred, -1, mean);
    float[] projected = new float[axes.length];
    for (int a = 0; a < projected.length; a++) {
      projected[a] = (float) dot(axes[a], centred);
    }
    return projected;
  }

  @Override
  public String description() {
    return "the first %d principal components of the pixels".formatted(axes.length);
  }

  @Override
  public void close() {
    // No native array.
  }
}
