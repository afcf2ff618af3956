package dev.ancestral.trainer.average;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.average.PostHoc.Profile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Golden numbers are of a program of its own in double, integrals by Simpson's rule. */
class PostHocTest {
  private static final PowerFunction NARROW = new PowerFunction(0.05);
  private static final PowerFunction WIDE = new PowerFunction(0.1);

  /** Two averages after every so many iterations. */
  private static List<Profile> snapshots(int count, int every) {
    List<Profile> snapshots = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      snapshots.add(new Profile(NARROW, i * every));
      snapshots.add(new Profile(WIDE, i * every));
    }
    return snapshots;
  }

  @Test
  void beforeTheFirstIterationThereIsNoProfile() {
    assertThrows(IllegalArgumentException.class, () -> new Profile(NARROW, 0));
  }

  @Test
  void productsOfProfilesAreTheirIntegral() {
    Profile early = new Profile(NARROW, 200);
    Profile late = new Profile(WIDE, 300);
    assertEquals(0.00114604905373384, early.times(late), 1e-15);
    assertEquals(0.00114604905373384, late.times(early), 1e-15);
  }

  @Test
  void coefficientsAreThoseOfThePapersLeastSquares() {
    assertArrayEquals(
        new double[] {
          2.726403962281511e-06,
          -3.726458726898849e-05,
          0.003659843077512306,
          -0.019834236470566462,
          0.2626879678763338,
          0.7721212038019736
        },
        PostHoc.of(snapshots(3, 100), new Profile(new PowerFunction(0.08), 300)).coefficients(),
        1e-9);
  }

  @Test
  void whatWasKeptIsFoundAsItIs() {
    PostHoc found = PostHoc.of(snapshots(4, 250), new Profile(WIDE, 1000));
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 0, 0, 1}, found.coefficients(), 1e-9);
    assertEquals(0, found.error(), 1e-6);
  }

  @Test
  void sharesAddUpToOne_soThatWeightsThatDoNotMoveStay() {
    PostHoc found = PostHoc.of(snapshots(3, 100), new Profile(new PowerFunction(0.2), 300));
    double sum = 0;
    double shares = 0;
    for (int i = 0; i < 6; i++) {
      sum += found.coefficients()[i];
      shares += found.shares()[i];
    }
    assertEquals(0.852846, sum, 1e-6);
    assertEquals(1, shares, 1e-12);
    assertEquals(found.coefficients()[3] / sum, found.shares()[3], 1e-12);
  }

  @Test
  void manySnapshotsStayWithinDoublePrecision() {
    PostHoc found = PostHoc.of(snapshots(200, 500), new Profile(new PowerFunction(0.15), 100_000));
    double sum = 0;
    double size = 0;
    for (double coefficient : found.coefficients()) {
      sum += coefficient;
      size += Math.abs(coefficient);
    }
    assertEquals(1, sum, 1e-4);
    assertTrue(size < 2, "coefficients that cancel each other: " + size);
    assertTrue(found.error() < 0.01, "error " + found.error());
  }

  /** A path of weights, the averages of it that are kept, and one that is not. */
  @ParameterizedTest
  @CsvSource({"0.07, 3e-4", "0.08, 2e-4", "0.12, 2e-4", "0.15, 2e-4", "0.2, 1e-3"})
  void anAverageThatNobodyKeptIsReconstructed(double width, double tolerance) {
    int iterations = 1000;
    PowerFunction wanted = new PowerFunction(width);
    List<Double> kept = new ArrayList<>();
    double narrow = 0;
    double wide = 0;
    double expected = 0;
    for (int n = 1; n <= iterations; n++) {
      double weight = Math.sin((n - 1) / 100.0) + 0.3 * Math.cos((n - 1) / 7.0);
      narrow += (1 - NARROW.decayAt(n)) * (weight - narrow);
      wide += (1 - WIDE.decayAt(n)) * (weight - wide);
      expected += (1 - wanted.decayAt(n)) * (weight - expected);
      if (n % 50 == 0) {
        kept.add(narrow);
        kept.add(wide);
      }
    }
    double[] coefficients =
        PostHoc.of(snapshots(20, 50), new Profile(wanted, iterations)).coefficients();
    double found = 0;
    for (int i = 0; i < coefficients.length; i++) {
      found += coefficients[i] * kept.get(i);
    }
    assertEquals(expected, found, tolerance);
  }
}
