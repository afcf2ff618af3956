package dev.ancestral.diffusion.sampler;

import org.jspecify.annotations.Nullable;

/**
 * How good a fitted chain is at one guidance weight, on seeds that it was not fitted to, each
 * paired with the teacher's chain from the same x_T.
 *
 * @param fitted root mean square distance to the teacher's end, in units of the data
 * @param ddim that of ddim with as many calls
 * @param dpmSolver that of dpmpp-2m with as many calls
 * @param comparison of what both draw; null where nobody made it
 */
public record FittedProof(
    double fitted, double ddim, double dpmSolver, @Nullable Comparison comparison) {
  /** Checks the distances. */
  public FittedProof {
    requireAtLeastZero("distance.fitted", fitted);
    requireAtLeastZero("distance.ddim", ddim);
    requireAtLeastZero("distance.dpmpp-2m", dpmSolver);
  }

  /** Whether the fitted chain is nearer to the teacher's ends than both hand-made ones. */
  public boolean isNearest() {
    return fitted < ddim && fitted < dpmSolver;
  }

  /** Whether the fitted chain was shown to be as good as the teacher: {@link Comparison#holds}. */
  public boolean holds() {
    return comparison != null && comparison.holds();
  }

  /**
   * Samples of the fitted chain beside the teacher's of the same seeds.
   *
   * @param reference what both were held against, in words, such as {@code the run's data}
   * @param samples of each, at least 1
   * @param frechetRatio distance of the fitted chain's samples to the reference, over that of the
   *     teacher's
   * @param frechetUpper upper 95 % bound of the ratio
   * @param highFrequencyRatio energy of the fitted chain's high frequencies over the teacher's;
   *     null for points
   * @param accuracy share of the fitted chain's samples in which a classifier finds their label;
   *     null without classes
   * @param teacherAccuracy that of the teacher's samples; null without classes
   * @param precision share of the fitted chain's samples that lie among the reference
   * @param recall share of the reference that lies among the fitted chain's samples
   */
  public record Comparison(
      String reference,
      int samples,
      double frechetRatio,
      double frechetUpper,
      @Nullable Double highFrequencyRatio,
      @Nullable Double accuracy,
      @Nullable Double teacherAccuracy,
      double precision,
      double recall) {
    /** Of the ratio's upper end: so much worse than the teacher nobody sees. */
    public static final double MOST_FRECHET = 1.05;

    /** Of the ratio of the high frequencies' energy: a blur must not win. */
    public static final double LEAST_HIGH_FREQUENCY = 0.95;

    /** Of the ratio of the high frequencies' energy: nor must noise. */
    public static final double MOST_HIGH_FREQUENCY = 1.05;

    /** Of the share of labels that are found. */
    public static final double MOST_ACCURACY_LOSS = 0.02;

    /** Both shares are rounded: 0.96 - 0.94 is above 0.02. */
    private static final double ROUNDING = 1e-9;

    /** Fewer say too little. */
    public static final int LEAST_SAMPLES = 500;

    /** Checks every figure. */
    public Comparison {
      if (samples < 1) {
        throw new IllegalArgumentException("samples: %d (expected: at least 1)".formatted(samples));
      }
      requireAtLeastZero("frechet_ratio", frechetRatio);
      requireAtLeastZero("frechet_upper", frechetUpper);
      if (highFrequencyRatio != null) {
        requireAtLeastZero("high_frequency_ratio", highFrequencyRatio);
      }
      if ((accuracy == null) != (teacherAccuracy == null)) {
        throw new IllegalArgumentException(
            "accuracy: %s beside teacher_accuracy: %s (expected: both or neither)"
                .formatted(accuracy, teacherAccuracy));
      }
      requireShare("accuracy", accuracy);
      requireShare("teacher_accuracy", teacherAccuracy);
      requireShare("precision", precision);
      requireShare("recall", recall);
    }

    /**
     * Whether enough samples show no loss: a distance, a sharpness and labels like the teacher's.
     */
    public boolean holds() {
      return samples >= LEAST_SAMPLES
          && frechetUpper <= MOST_FRECHET
          && keepsDetail()
          && keepsLabels();
    }

    /**
     * Whether more samples may show no loss: all that is missing is that the distance's bound, on
     * both sides of what is allowed, comes nearer to the distance.
     */
    public boolean isOpen() {
      return samples >= LEAST_SAMPLES
          && frechetRatio <= MOST_FRECHET
          && frechetUpper > MOST_FRECHET
          && keepsDetail()
          && keepsLabels();
    }

    private boolean keepsDetail() {
      return highFrequencyRatio == null
          || (highFrequencyRatio >= LEAST_HIGH_FREQUENCY
              && highFrequencyRatio <= MOST_HIGH_FREQUENCY);
    }

    /** Whether labels are found as often as in the teacher's samples, but for what is allowed. */
    public boolean keepsLabels() {
      return accuracy == null
          || teacherAccuracy == null
          || teacherAccuracy - accuracy <= MOST_ACCURACY_LOSS + ROUNDING;
    }

    private static void requireShare(String field, @Nullable Double share) {
      if (share != null && !(share >= 0 && share <= 1)) {
        throw new IllegalArgumentException("%s: %s (expected: 0..1)".formatted(field, share));
      }
    }
  }

  private static void requireAtLeastZero(String field, double value) {
    if (!(value >= 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(
          "%s: %s (expected: at least 0, finite)".formatted(field, value));
    }
  }
}
