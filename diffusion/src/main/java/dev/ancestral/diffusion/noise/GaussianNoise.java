package dev.ancestral.diffusion.noise;

/**
 * Standard normals from {@link Philox}: the counter is (block, step, index, purpose), the key is
 * the seed.
 *
 * <p>From each pair of words u1 = (w0 + 1)/2³² and u2 = w1/2³²; both Box–Muller normals √(-2 ln
 * u1)·(cos, sin)(2π u2) are used, so a block gives four. {@link StrictMath} makes them the same
 * bits on every platform.
 */
public final class GaussianNoise {
  private static final double TWO_POW_MINUS_32 = 0x1p-32;

  private GaussianNoise() {}

  /**
   * Fills the array with the stream of this counter.
   *
   * @param seed the request's (or the training run's) seed
   * @param purpose what the noise is for
   * @param index which sample of the request, or which iteration
   * @param step which step of the chain, or which sample of the iteration
   */
  public static void fill(float[] out, long seed, NoisePurpose purpose, int index, int step) {
    fill(out, 0, out.length, seed, purpose, index, step);
  }

  /**
   * As {@link #fill(float[], long, NoisePurpose, int, int)}, without allocating.
   *
   * @param words at least four, which may hold anything
   */
  public static void fill(
      float[] out, long seed, NoisePurpose purpose, int index, int step, int[] words) {
    fill(out, 0, out.length, seed, purpose, index, step, words);
  }

  /**
   * As {@link #fill(float[], long, NoisePurpose, int, int)}, into {@code length} places from {@code
   * offset}.
   */
  public static void fill(
      float[] out, int offset, int length, long seed, NoisePurpose purpose, int index, int step) {
    fill(out, offset, length, seed, purpose, index, step, new int[4]);
  }

  private static void fill(
      float[] out,
      int offset,
      int length,
      long seed,
      NoisePurpose purpose,
      int index,
      int step,
      int[] words) {
    for (int i = 0; i < length; i += 4) {
      Philox.block(seed, i >> 2, step, index, purpose.code(), words);
      for (int pair = 0; pair < 4 && i + pair < length; pair += 2) {
        double u1 = ((words[pair] & 0xFFFFFFFFL) + 1) * TWO_POW_MINUS_32;
        double u2 = (words[pair + 1] & 0xFFFFFFFFL) * TWO_POW_MINUS_32;
        double radius = Math.sqrt(-2 * StrictMath.log(u1));
        double angle = 2 * Math.PI * u2;
        out[offset + i + pair] = (float) (radius * StrictMath.cos(angle));
        if (i + pair + 1 < length) {
          out[offset + i + pair + 1] = (float) (radius * StrictMath.sin(angle));
        }
      }
    }
  }
}
