package dev.ancestral.diffusion.noise;

import java.util.random.RandomGenerator;

/**
 * The stream of one counter as a {@link RandomGenerator}: integers, shuffles, uniforms. Made where
 * it is used and thrown away; two of the same arguments give the same numbers. Not thread-safe.
 */
public final class PhiloxRandom implements RandomGenerator {
  private final long seed;
  private final int purpose;
  private final int index;
  private final int step;
  private final int[] words = new int[4];
  private int block;
  private int next = 4;

  /** Arguments as in {@link GaussianNoise#fill(float[], long, NoisePurpose, int, int)}. */
  public PhiloxRandom(long seed, NoisePurpose purpose, int index, int step) {
    this.seed = seed;
    this.purpose = purpose.code();
    this.index = index;
    this.step = step;
  }

  @Override
  public long nextLong() {
    if (next == 4) {
      Philox.block(seed, block++, step, index, purpose, words);
      next = 0;
    }
    long low = words[next++] & 0xFFFFFFFFL;
    long high = words[next++] & 0xFFFFFFFFL;
    return high << 32 | low;
  }

  /** A random order of 0..size-1 (Fisher–Yates). */
  public int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
