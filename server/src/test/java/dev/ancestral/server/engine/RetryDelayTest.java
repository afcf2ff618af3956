package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetryDelayTest {
  /** Calls of at most four rows, which take so long when they are full. */
  private static CostCurve curve(double millis) {
    return new CostCurve(4, List.of(new CostCurve.Point(4, millis)));
  }

  @Test
  void whereNothingWasMeasuredNothingIsKnown() {
    assertEquals(RetryDelay.UNKNOWN, RetryDelay.estimate(CostCurve.assumed(4), 1, 20, 1000));
  }

  @Test
  void rowsLeaveABatchAtATime_eachAfterTheMeanOfTheStepsLeft() {
    CostCurve curve = curve(10);
    assertEquals(Duration.ofMillis(10 * 50), RetryDelay.estimate(curve, 1, 20, 20 * 50));
    assertEquals(Duration.ofMillis(10 * 50), RetryDelay.estimate(curve, 4, 20, 20 * 50));
    assertEquals(Duration.ofMillis(10 * 100 + 1), RetryDelay.estimate(curve, 5, 20, 20 * 50 + 1));
    assertEquals(Duration.ofMillis(10 * 30), RetryDelay.estimate(curve, 1, 2, 10 + 50));
  }

  @Test
  void neverSoonerThanAskingIsWorth_norLaterThanAnybodyCanKnow() {
    assertEquals(RetryDelay.LEAST, RetryDelay.estimate(curve(1), 1, 20, 20));
    assertEquals(
        RetryDelay.MOST, RetryDelay.estimate(curve(3.6e6), 10_000, 10_000, 10_000_000_000L));
  }
}
