package dev.ancestral.trainer.average;

import dev.ancestral.diffusion.LinearEquations;
import java.util.List;

/**
 * An average that nobody kept, as a sum of snapshots of others (Karras et al. 2024, section 3.2 and
 * algorithm 3): the weighting of iterations that it would have had is approached by theirs, by
 * least squares.
 *
 * @param coefficients what each snapshot is multiplied with
 * @param error of the weighting, as a share of its norm: 0 where it is met exactly
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record PostHoc(double[] coefficients, double error) {
  /**
   * The average of one window after one iteration.
   *
   * @param iteration from 1
   */
  public record Profile(PowerFunction window, int iteration) {
    /** Checks the iteration. */
    public Profile {
      if (iteration < 1) {
        throw new IllegalArgumentException(
            "iteration: %d (expected: at least 1)".formatted(iteration));
      }
    }

    /** ∫ of the product of two profiles over all iterations (equation 149). */
    double times(Profile other) {
      double a = window.gamma();
      double b = other.window.gamma();
      double ratio = (double) iteration / other.iteration;
      double shared = Math.pow(ratio, ratio < 1 ? b : -a);
      return (a + 1) * (b + 1) * shared / ((a + b + 1) * Math.max(iteration, other.iteration));
    }
  }

  /**
   * Solves for the coefficients.
   *
   * @param snapshots that there are, no two alike, at least one
   * @param wanted an average after an iteration that is not before any of theirs
   */
  public static PostHoc of(List<Profile> snapshots, Profile wanted) {
    int count = snapshots.size();
    double[][] equations = new double[count][count + 1];
    double[] wantedTimes = new double[count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        equations[i][j] = snapshots.get(i).times(snapshots.get(j));
        equations[j][i] = equations[i][j];
      }
      wantedTimes[i] = snapshots.get(i).times(wanted);
    }
    for (int i = 0; i < count; i++) {
      equations[i][count] = wantedTimes[i];
    }
    double[] coefficients = LinearEquations.solve(equations);
    double met = 0;
    for (int i = 0; i < count; i++) {
      met += coefficients[i] * wantedTimes[i];
    }
    return new PostHoc(coefficients, Math.sqrt(Math.max(0, 1 - met / wanted.times(wanted))));
  }

  /**
   * The coefficients, scaled so that they add up to 1: weights that no longer move then stay as
   * they are, however few snapshots there are.
   */
  public double[] shares() {
    double sum = 0;
    for (double coefficient : coefficients) {
      sum += coefficient;
    }
    double[] shares = coefficients.clone();
    for (int i = 0; i < shares.length; i++) {
      shares[i] /= sum;
    }
    return shares;
  }
}
