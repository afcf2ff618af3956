package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  /** Three digits are kept. */
  private static final double RELATIVE = 1e-3;

  private static Latencies upTo(int milliseconds) {
    Latencies latencies = new Latencies();
    for (int i = 1; i <= milliseconds; i++) {
      latencies.add(Duration.ofMillis(i));
    }
    return latencies;
  }

  @Test
  void aPercentileIsTheTimeWithinWhichThatShareWasDone() {
    Latencies latencies = upTo(1000);
    assertEquals(1000, latencies.count());
    assertEquals(500, latencies.milliseconds(50), 500 * RELATIVE);
    assertEquals(990, latencies.milliseconds(99), 990 * RELATIVE);
    assertEquals(1000, latencies.milliseconds(100), 1000 * RELATIVE);
  }

  @Test
  void mergingIsAsIfAllHadBeenAddedToOne() {
    Latencies all = upTo(100);
    Latencies slow = new Latencies();
    slow.add(Duration.ofSeconds(7));
    all.addAll(slow);
    assertEquals(101, all.count());
    assertEquals(7000, all.milliseconds(100), 7000 * RELATIVE);
    assertEquals(51, all.milliseconds(50), 51 * RELATIVE);
  }

  @Test
  void whatTookLongerThanAnHourCountsAsAnHour() {
    Latencies latencies = new Latencies();
    latencies.add(Duration.ofDays(1));
    assertEquals(3.6e6, latencies.milliseconds(100), 3.6e6 * RELATIVE);
  }

  @Test
  void theDistributionRisesToTheSlowest() {
    List<Latencies.Point> points = upTo(1000).points();
    for (int i = 1; i < points.size(); i++) {
      assertEquals(1, Double.compare(points.get(i).percentile(), points.get(i - 1).percentile()));
      assertEquals(
          true, points.get(i).milliseconds() >= points.get(i - 1).milliseconds(), "point " + i);
    }
    assertEquals(1000, points.get(points.size() - 1).milliseconds(), 1000 * RELATIVE);
  }

  @Test
  void eachRequestIsKept_alsoEqualOnes() {
    Latencies latencies = upTo(3);
    latencies.add(Duration.ofMillis(2));
    assertArrayEquals(new double[] {1, 2, 2, 3}, latencies.each(), 3 * RELATIVE);
    assertEquals(0, new Latencies().each().length);
  }

  @Test
  void nothingHasNoPercentile() {
    IllegalStateException e =
        assertThrows(IllegalStateException.class, () -> new Latencies().milliseconds(50));
    assertEquals("latencies: no request (expected: at least 1)", e.getMessage());
  }
}
