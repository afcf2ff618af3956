package dev.ancestral.diffusion;

import java.util.Arrays;

/**
 * What the network's output estimates, at x = α·x0 + σ·ε.
 *
 * <p>Each type is linear in (x, output), so it is two coefficients in each direction: from (x,
 * output) to x0 for sampling, and from (x0, ε) to the training target.
 */
public enum PredictionType {
  /** The noise ε (Ho et al. 2020, eq. 11). */
  EPSILON("epsilon") {
    @Override
    public double x0FromState(double alpha, double sigma) {
      return 1 / alpha;
    }

    @Override
    public double x0FromOutput(double alpha, double sigma) {
      return -sigma / alpha;
    }

    @Override
    public double targetFromX0(double alpha, double sigma) {
      return 0;
    }

    @Override
    public double targetFromNoise(double alpha, double sigma) {
      return 1;
    }
  },

  /** The clean sample x0. */
  SAMPLE("sample") {
    @Override
    public double x0FromState(double alpha, double sigma) {
      return 0;
    }

    @Override
    public double x0FromOutput(double alpha, double sigma) {
      return 1;
    }

    @Override
    public double targetFromX0(double alpha, double sigma) {
      return 1;
    }

    @Override
    public double targetFromNoise(double alpha, double sigma) {
      return 0;
    }
  },

  /** The velocity v = α·ε - σ·x0 (Salimans and Ho 2022, section 4). */
  V("v_prediction") {
    @Override
    public double x0FromState(double alpha, double sigma) {
      return alpha;
    }

    @Override
    public double x0FromOutput(double alpha, double sigma) {
      return -sigma;
    }

    @Override
    public double targetFromX0(double alpha, double sigma) {
      return -sigma;
    }

    @Override
    public double targetFromNoise(double alpha, double sigma) {
      return alpha;
    }
  };

  private final String label;

  PredictionType(String label) {
    this.label = label;
  }

  /**
   * Its name in a scheduler configuration: {@code epsilon}, {@code sample}, {@code v_prediction}.
   */
  public String label() {
    return label;
  }

  /** Factor of x in the estimate of x0. */
  public abstract double x0FromState(double alpha, double sigma);

  /** Factor of the network's output in the estimate of x0. */
  public abstract double x0FromOutput(double alpha, double sigma);

  /** Factor of x0 in the training target. */
  public abstract double targetFromX0(double alpha, double sigma);

  /** Factor of ε in the training target. */
  public abstract double targetFromNoise(double alpha, double sigma);

  /**
   * The type of this label.
   *
   * @throws IllegalArgumentException naming the label and the known ones
   */
  public static PredictionType of(String label) {
    return Arrays.stream(values())
        .filter(type -> type.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                Names.unknown(
                    "prediction_type",
                    label,
                    Arrays.stream(values()).map(PredictionType::label).toList()));
  }
}
