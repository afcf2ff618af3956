package dev.ancestral.bench.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class AgreementTest {
  private static Agreement of(double... values) {
    Agreement agreement = new Agreement(0.05);
    for (double value : values) {
      agreement.add("a", value);
    }
    return agreement;
  }

  @Test
  void oneMeasurementAgreesWithNothing() {
    assertFalse(of().isReached());
    assertFalse(of(100).isReached());
  }

  @Test
  void twoAgreeWithinTheToleranceOfTheLarger_whicheverComesFirst() {
    assertTrue(of(100, 95).isReached());
    assertTrue(of(95, 100).isReached());
    assertFalse(of(100, 94.9).isReached());
    assertFalse(of(94.9, 100).isReached());
  }

  @Test
  void theLastTwoCount_asAServerBecomesWarmOrHot() {
    assertFalse(of(100, 100, 50).isReached());
    Agreement agreement = of(6393, 3440, 3500);
    assertTrue(agreement.isReached());
    assertEquals(3470, agreement.of("a"));
    assertEquals(60 / 3500.0, agreement.difference(), 1e-12);
  }

  @Test
  void whatNeverAgreesIsTheMedianOfAll() {
    Agreement agreement = of(3524, 3538, 3966, 5043);
    assertFalse(agreement.isReached());
    assertEquals(3752, agreement.of("a"));
  }

  @Test
  void allContestantsMustAgreeWithThemselves_notWithEachOther() {
    Agreement agreement = of(100, 101);
    agreement.add("b", 200);
    assertFalse(agreement.isReached());
    agreement.add("b", 150);
    assertFalse(agreement.isReached());
    agreement.add("b", 151);
    assertTrue(agreement.isReached());
    assertEquals(100.5, agreement.least());
  }

  @Test
  void whatWasNotMeasuredHasNoMean() {
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> of(1).of("b"));
    assertEquals("b: not measured (expected: at least once)", e.getMessage());
  }
}
