package dev.ancestral.diffusion.likelihood;

/**
 * The decoder of Ho et al. (2020, eq. 13) for data of a finite number of levels: the mass that a
 * normal distribution has in a level's bin, where the outermost bins reach to infinity.
 *
 * <p>The normal's cumulative distribution is ½(1 + tanh(√(2/π)(z + 0.044715·z³))), as in the
 * published implementations, so that figures can be compared. No mass is below {@link #FLOOR}.
 *
 * @param min the lowest level's value
 * @param max the highest level's value
 * @param levels how many there are, evenly spaced, at least 2
 */
public record DiscretizedGaussian(double min, double max, int levels) {
  /** The smallest mass that is told apart from none. */
  public static final double FLOOR = 1e-12;

  /** √(2/π), the first factor of the approximation. */
  public static final double CDF_SLOPE = Math.sqrt(2 / Math.PI);

  /** The factor of z³ in the approximation. */
  public static final double CDF_CUBE = 0.044715;

  /** Checks range and levels. */
  public DiscretizedGaussian {
    if (!(min < max)) {
      throw new IllegalArgumentException(
          "range: [%s, %s] (expected: min below max)".formatted(min, max));
    }
    if (levels < 2) {
      throw new IllegalArgumentException("levels: %d (expected: at least 2)".formatted(levels));
    }
  }

  /** Half the distance between two levels: 1/255 for eight bits in [-1, 1]. */
  public double halfBin() {
    return (max - min) / (levels - 1) / 2;
  }

  /** Whether this value's bin is the lowest, which reaches down to -∞. */
  public boolean isLowest(double x) {
    return x < min + halfBin();
  }

  /** Whether this value's bin is the highest, which reaches up to ∞. */
  public boolean isHighest(double x) {
    return x > max - halfBin();
  }

  /**
   * The logarithm of the mass in a value's bin, in nats.
   *
   * @param x a level's value
   * @param mean of the normal distribution
   * @param logScale logarithm of its standard deviation: half its logarithmic variance
   */
  public double logLikelihood(double x, double mean, double logScale) {
    double inverse = Math.exp(-logScale);
    double upper = isHighest(x) ? 1 : cdf(inverse * (x - mean + halfBin()));
    double lower = isLowest(x) ? 0 : cdf(inverse * (x - mean - halfBin()));
    return Math.log(Math.max(upper - lower, FLOOR));
  }

  private static double cdf(double z) {
    return 0.5 * (1 + Math.tanh(CDF_SLOPE * (z + CDF_CUBE * z * z * z)));
  }
}
