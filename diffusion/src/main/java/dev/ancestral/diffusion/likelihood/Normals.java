package dev.ancestral.diffusion.likelihood;

/** Divergence, entropy and density of normal distributions of one number, in nats. */
public final class Normals {
  private static final double LOG_2_PI = Math.log(2 * Math.PI);

  private Normals() {}

  /**
   * KL(N(mean1, exp logVariance1) ‖ N(mean2, exp logVariance2)) = ½(-1 + l2 - l1 + e^(l1-l2) + (m1
   * - m2)²·e^-l2).
   */
  public static double kl(double mean1, double logVariance1, double mean2, double logVariance2) {
    double difference = mean1 - mean2;
    return 0.5
        * (-1
            + logVariance2
            - logVariance1
            + Math.exp(logVariance1 - logVariance2)
            + difference * difference * Math.exp(-logVariance2));
  }

  /** H = ½(1 + ln 2π) + ½ ln v. */
  public static double entropy(double variance) {
    return 0.5 * (1 + LOG_2_PI + Math.log(variance));
  }

  /** ln N(x; mean, exp logVariance). */
  public static double logDensity(double x, double mean, double logVariance) {
    double difference = x - mean;
    return -0.5 * (LOG_2_PI + logVariance + difference * difference * Math.exp(-logVariance));
  }
}
