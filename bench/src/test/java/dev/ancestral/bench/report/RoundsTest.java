package dev.ancestral.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Objects;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static Rounds rounds(Quantity quantity, double[] ours, double[] theirs) {
    Rounds rounds = new Rounds("a scenario", quantity);
    for (double value : ours) {
      rounds.add("ours", value);
    }
    for (double value : theirs) {
      rounds.add("theirs", value);
    }
    return rounds;
  }

  private static Comparison comparison(Quantity quantity, double[] ours, double[] theirs) {
    Finding finding = rounds(quantity, ours, theirs).finding("ours", "theirs", "");
    return Objects.requireNonNull(finding.against());
  }

  @Test
  void theRatioIsTheMedianOfTheRounds_soAMachineThatSlowsDownCancels() {
    // Twice as fast in every round, while the machine becomes ten times slower.
    Comparison comparison =
        comparison(Quantity.MILLISECONDS, new double[] {1, 5, 10}, new double[] {2, 10, 20});
    assertEquals(2, comparison.times(), 1e-12);
    assertEquals(2, comparison.interval().low(), 1e-12);
    assertEquals(2, comparison.interval().high(), 1e-12);
  }

  @Test
  void oneDisturbedRoundDoesNotMoveTheMedian_butShowsInTheSpread() {
    Comparison comparison =
        comparison(Quantity.MILLISECONDS, new double[] {10, 100, 10}, new double[] {20, 20, 20});
    assertEquals(2, comparison.times(), 1e-12);
    assertEquals(0.2, comparison.interval().low(), 1e-12);
    assertEquals(2, comparison.interval().high(), 1e-12);
  }

  @Test
  void onAMachineOfTwoSpeeds_theValuesAreInTheRatiosProportion() {
    Finding finding =
        rounds(
                Quantity.MILLISECONDS,
                new double[] {1, 100, 100, 100},
                new double[] {2, 200, 200, 200})
            .finding("ours", "theirs", "");
    assertEquals(Math.pow(1e6, 0.25), Objects.requireNonNull(finding.value()), 1e-9);
    assertEquals(2 * Math.pow(1e6, 0.25), Objects.requireNonNull(finding.against()).value(), 1e-9);
  }

  @Test
  void moreIsBetterForThroughput_lessForTime() {
    assertEquals(
        4, comparison(Quantity.STEPS_PER_SECOND, new double[] {8}, new double[] {2}).times());
    assertEquals(
        0.25, comparison(Quantity.MILLISECONDS, new double[] {8}, new double[] {2}).times());
  }

  @Test
  void anEvenNumberOfRoundsHasTheMeanOfTheMiddleTwo() {
    Rounds rounds = rounds(Quantity.MILLISECONDS, new double[] {4, 1, 3, 2}, new double[] {});
    assertEquals(2.5, rounds.median("ours"));
  }

  @Test
  void contestantsOfDifferentRoundsAreNotCompared() {
    Rounds rounds = rounds(Quantity.MILLISECONDS, new double[] {1, 2}, new double[] {1});
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> rounds.finding("ours", "theirs", ""));
    assertEquals("rounds: 2 of ours, 1 of theirs (expected: as many)", e.getMessage());
  }
}
