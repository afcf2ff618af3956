package dev.ancestral.trainer.quality;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;

/** Sets of normal samples. */
final class Draws {
  private Draws() {}

  /** Standard normal rows of one seed. */
  static float[][] normal(int rows, int size, long seed) {
    float[][] all = new float[rows][size];
    for (int i = 0; i < rows; i++) {
      GaussianNoise.fill(all[i], seed, NoisePurpose.DATA, i, 0);
    }
    return all;
  }

  /** factor·x + shift of each number. */
  static float[][] affine(float[][] rows, float factor, float shift) {
    float[][] moved = new float[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      moved[i] = rows[i].clone();
      for (int k = 0; k < moved[i].length; k++) {
        moved[i][k] = factor * moved[i][k] + shift;
      }
    }
    return moved;
  }
}
