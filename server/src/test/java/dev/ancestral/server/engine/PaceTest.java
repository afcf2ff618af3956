package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private final Pace pace = new Pace(new EngineLimits(4, 32));

  private void measured(int calls, Duration each) {
    for (int i = 0; i < calls; i++) {
      pace.measured(each.toNanos());
    }
  }

  @Test
  void beforeTheFirstCallNothingIsKnown() {
    assertEquals(Pace.UNKNOWN, pace.until(1, 20, 1000));
  }

  @Test
  void rowsLeaveABatchAtATime_eachAfterTheMeanOfTheStepsLeft() {
    measured(3, Duration.ofMillis(10));
    assertEquals(Duration.ofMillis(10 * 50), pace.until(1, 20, 20 * 50));
    assertEquals(Duration.ofMillis(10 * 50), pace.until(4, 20, 20 * 50));
    assertEquals(Duration.ofSeconds(1), pace.until(5, 20, 20 * 50));
    assertEquals(Duration.ofMillis(10 * 30), pace.until(1, 2, 10 + 50));
  }

  @Test
  void theLatestCallsCountMost() {
    measured(100, Duration.ofMillis(10));
    measured(1, Duration.ofMillis(130));
    assertEquals(Duration.ofSeconds(1), pace.until(1, 20, 20 * 50));
    measured(200, Duration.ofMillis(40));
    assertEquals(2.0, pace.until(1, 20, 20 * 50).toMillis() / 1e3, 1e-3);
  }

  @Test
  void neverSoonerThanAskingIsWorth_norLaterThanAnybodyCanKnow() {
    measured(1, Duration.ofMillis(1));
    assertEquals(Pace.LEAST, pace.until(1, 20, 20));
    measured(1000, Duration.ofHours(1));
    assertEquals(Pace.MOST, pace.until(10_000, 10_000, 10_000_000));
  }
}
