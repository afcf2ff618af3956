package dev.ancestral.server.check;

import dev.ancestral.server.engine.CostCurve;
import java.util.List;

/**
 * What was found.
 *
 * @param device where the networks ran, library, threads and machine, in one line
 * @param reference what they were compared with
 * @param models one entry a model
 */
public record CheckReport(String device, String reference, List<ModelReport> models) {
  /** Copies the list. */
  public CheckReport {
    models = List.copyOf(models);
  }

  /**
   * One model.
   *
   * @param name of the model
   * @param shape of a sample
   * @param comparisons of predictions and chains
   * @param batchInvariance whether a row's bits depended on its batch
   * @param curve what a call of the network costs on the device, by its rows
   * @param chains what steps cost, single and within one call
   */
  public record ModelReport(
      String name,
      List<Long> shape,
      List<Comparison> comparisons,
      String batchInvariance,
      List<CostCurve.Point> curve,
      List<ChainTime> chains) {
    /** Copies the lists. */
    public ModelReport {
      shape = List.copyOf(shape);
      comparisons = List.copyOf(comparisons);
      curve = List.copyOf(curve);
      chains = List.copyOf(chains);
    }
  }

  /**
   * Two results of the same numbers.
   *
   * @param what was compared
   * @param maxDifference the largest difference, divided by the largest number where that is above
   *     1
   * @param tolerance that was allowed
   */
  public record Comparison(String what, double maxDifference, double tolerance) {
    /** Whether it is within the tolerance; a difference that is no number is not. */
    public boolean passed() {
      return maxDifference <= tolerance;
    }

    /** Whether it takes more of its tolerance; a difference that is no number takes all. */
    boolean isWorseThan(Comparison other) {
      double share = maxDifference / tolerance;
      return Double.isNaN(share) || share > other.maxDifference / other.tolerance;
    }
  }

  /**
   * The same steps taken in two ways.
   *
   * @param rows in a call
   * @param steps taken in one call of the chain
   * @param singleMillis time of one step, each a call of its own
   * @param chainMillis time of one step within the chain's call
   */
  public record ChainTime(int rows, int steps, double singleMillis, double chainMillis) {
    /** How many times faster the chain is; below 1 it is slower. */
    public double speedUp() {
      return singleMillis / chainMillis;
    }

    /** Row steps a second within the chain. */
    public double rowStepsPerSecond() {
      return 1000 * rows / chainMillis;
    }
  }

  /** How many comparisons there are. */
  public long comparisons() {
    return models.stream().mapToLong(model -> model.comparisons().size()).sum();
  }

  /** How many of them are above their tolerance. */
  public long failures() {
    return models.stream()
        .flatMap(model -> model.comparisons().stream())
        .filter(comparison -> !comparison.passed())
        .count();
  }
}
