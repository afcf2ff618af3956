package dev.ancestral.diffusion;

import java.util.Arrays;
import java.util.List;

/**
 * What the network's output estimates, at x = α·x0 + σ·ε.
 *
 * <p>Each type is linear in (x, output), so it is two coefficients in each direction: from (x,
 * output) to x0 for sampling, and from (x0, ε) to the training target. The coefficients follow from
 * the transition that the network was trained on, from timestep t to t-1; all types but {@link
 * #POSTERIOR_MEAN} look at the noisier level alone.
 */
public enum PredictionType {
  /** The noise ε (Ho et al. 2020, eq. 11). */
  EPSILON("epsilon") {
    @Override
    public double x0FromState(Transition trained) {
      return 1 / trained.from().alpha();
    }

    @Override
    public double x0FromOutput(Transition trained) {
      return -trained.from().relativeSigma();
    }

    @Override
    public double targetFromX0(Transition trained) {
      return 0;
    }

    @Override
    public double targetFromNoise(Transition trained) {
      return 1;
    }
  },

  /** The clean sample x0. */
  SAMPLE("sample") {
    @Override
    public double x0FromState(Transition trained) {
      return 0;
    }

    @Override
    public double x0FromOutput(Transition trained) {
      return 1;
    }

    @Override
    public double targetFromX0(Transition trained) {
      return 1;
    }

    @Override
    public double targetFromNoise(Transition trained) {
      return 0;
    }
  },

  /** The velocity v = α·ε - σ·x0 (Salimans and Ho 2022, section 4). */
  V("v_prediction") {
    @Override
    public double x0FromState(Transition trained) {
      return trained.from().alpha() / total(trained.from());
    }

    @Override
    public double x0FromOutput(Transition trained) {
      return -trained.from().sigma() / total(trained.from());
    }

    @Override
    public double targetFromX0(Transition trained) {
      return -trained.from().sigma();
    }

    @Override
    public double targetFromNoise(Transition trained) {
      return trained.from().alpha();
    }

    /** α² + σ², which is 1 where variance is preserved. */
    private static double total(NoiseLevel level) {
      return level.alphaSquared() + level.sigmaSquared();
    }
  },

  /** The score ∇log p(x) = -ε/σ (Song and Ermon 2019, eq. 2 and 5). */
  SCORE("score") {
    @Override
    public double x0FromState(Transition trained) {
      return 1 / trained.from().alpha();
    }

    @Override
    public double x0FromOutput(Transition trained) {
      return trained.from().sigmaSquared() / trained.from().alpha();
    }

    @Override
    public double targetFromX0(Transition trained) {
      return 0;
    }

    @Override
    public double targetFromNoise(Transition trained) {
      return -1 / trained.from().sigma();
    }
  },

  /** The mean of x_{t-1}, which the posterior has (Sohl-Dickstein et al. 2015, section 2.2). */
  POSTERIOR_MEAN("posterior_mean") {
    @Override
    public double x0FromState(Transition trained) {
      return -trained.meanFromState() / trained.meanFromX0();
    }

    @Override
    public double x0FromOutput(Transition trained) {
      return 1 / trained.meanFromX0();
    }

    @Override
    public double targetFromX0(Transition trained) {
      return trained.meanFromX0() + trained.meanFromState() * trained.from().alpha();
    }

    @Override
    public double targetFromNoise(Transition trained) {
      return trained.meanFromState() * trained.from().sigma();
    }
  };

  private final String label;

  PredictionType(String label) {
    this.label = label;
  }

  /** Its name in a configuration, such as {@code v_prediction}. */
  public String label() {
    return label;
  }

  /** Whether it estimates x0 where no signal is left, α = 0. */
  public boolean estimatesFromPureNoise() {
    return switch (this) {
      case SAMPLE, V -> true;
      case EPSILON, SCORE, POSTERIOR_MEAN -> false;
    };
  }

  /** Factor of x in the estimate of x0. */
  public abstract double x0FromState(Transition trained);

  /** Factor of the network's output in the estimate of x0. */
  public abstract double x0FromOutput(Transition trained);

  /** Factor of x0 in the training target. */
  public abstract double targetFromX0(Transition trained);

  /** Factor of ε in the training target. */
  public abstract double targetFromNoise(Transition trained);

  /** The labels of all. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(PredictionType::label).toList();
  }

  /**
   * The type of this label.
   *
   * @throws IllegalArgumentException naming the label and the known ones
   */
  public static PredictionType of(String label) {
    return Arrays.stream(values())
        .filter(type -> type.label.equals(label))
        .findFirst()
        .orElseThrow(() -> Names.unknown("prediction_type", label, labels()));
  }
}
