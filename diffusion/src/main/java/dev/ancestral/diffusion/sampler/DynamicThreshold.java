package dev.ancestral.diffusion.sampler;

/**
 * Dynamic thresholding (Saharia et al. 2022, section 2.3): an estimate of x0 that leaves the range
 * is shrunk back into it as a whole, rather than flattened at its bounds.
 *
 * <p>With the range's middle c, its half width h and y = (x0 - c)/h: s = min(max(1, the quantile of
 * |y|), most), x0 = c + h·clip(y, -s, s)/s. The quantile interpolates linearly between the two
 * nearest values.
 *
 * @param min lower end of the data's range, below max
 * @param max upper end
 * @param quantile in (0, 1]; 0.995 in the paper
 * @param most the largest s, above 0; infinite in the paper, 1 makes it plain clipping
 */
public record DynamicThreshold(double min, double max, double quantile, double most)
    implements Clipping {
  /** The paper's quantile. */
  public static final double DEFAULT_QUANTILE = 0.995;

  /** Checks range and quantile. */
  public DynamicThreshold {
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "threshold range: [%s, %s] (expected: min below max)".formatted(min, max));
    }
    if (!(quantile > 0 && quantile <= 1)) {
      throw new IllegalArgumentException(
          "threshold_quantile: %s (expected: above 0, at most 1)".formatted(quantile));
    }
    if (!(most > 0)) {
      throw new IllegalArgumentException("threshold_max: %s (expected: above 0)".formatted(most));
    }
  }

  /** The paper's, with no bound of s. */
  public DynamicThreshold(double min, double max, double quantile) {
    this(min, max, quantile, Double.POSITIVE_INFINITY);
  }

  @Override
  public String words() {
    return "threshold_quantile %s%s in %s..%s"
        .formatted(quantile, Double.isFinite(most) ? " of threshold_max " + most : "", min, max);
  }

  @Override
  public void apply(float[] x0) {
    float middle = (float) ((min + max) / 2);
    float half = (float) ((max - min) / 2);
    for (int i = 0; i < x0.length; i++) {
      x0[i] = (x0[i] - middle) / half;
    }
    float s = Math.min(Math.max(1, quantileOfMagnitudes(x0)), (float) most);
    for (int i = 0; i < x0.length; i++) {
      x0[i] = middle + half * (Math.min(Math.max(x0[i], -s), s) / s);
    }
  }

  private float quantileOfMagnitudes(float[] y) {
    double position = quantile * (y.length - 1);
    int below = (int) position;
    float low = magnitudeOfRank(y, below);
    if (below == position) {
      return low;
    }
    float high = magnitudeOfRank(y, below + 1);
    return (float) (low + (position - below) * ((double) high - low));
  }

  /**
   * The value of this rank among the sorted |y|, 0 for the smallest. Bits of non-negative floats
   * are in the order of their values, so halving the interval of bits finds it in 31 passes,
   * without a copy to sort.
   */
  private static float magnitudeOfRank(float[] y, int rank) {
    int low = 0;
    int high = Integer.MAX_VALUE;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int atMost = 0;
      for (float value : y) {
        if ((Float.floatToRawIntBits(value) & Integer.MAX_VALUE) <= middle) {
          atMost++;
        }
      }
      if (atMost > rank) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return Float.intBitsToFloat(low);
  }
}
