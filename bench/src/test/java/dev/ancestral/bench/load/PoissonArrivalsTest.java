package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PoissonArrivalsTest {
  private static final long SEED = 3;

  private static List<Double> gaps(double perSecond, int count) {
    Duration length = Duration.ofNanos((long) (2 * count / perSecond * 1e9));
    List<Duration> times = PoissonArrivals.within(length, perSecond, SEED);
    List<Double> gaps = new ArrayList<>();
    Duration before = Duration.ZERO;
    for (Duration time : times.subList(0, count)) {
      gaps.add(time.minus(before).toNanos() / 1e9);
      before = time;
    }
    return gaps;
  }

  private static double mean(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 500})
  void gapsHaveTheMeanAndTheDeviationOfAnExponential(double perSecond) {
    List<Double> gaps = gaps(perSecond, 20_000);
    double mean = mean(gaps);
    double square = mean(gaps.stream().map(gap -> gap * gap).toList());
    assertEquals(1 / perSecond, mean, 0.02 / perSecond);
    assertEquals(mean, Math.sqrt(square - mean * mean), 0.02 / perSecond);
  }

  @Test
  void anArrivalDoesNotKnowOfTheOneBefore() {
    List<Double> gaps = gaps(1, 20_000);
    double mean = mean(gaps);
    double together = 0;
    for (int i = 1; i < gaps.size(); i++) {
      together += (gaps.get(i) - mean) * (gaps.get(i - 1) - mean);
    }
    assertEquals(0, together / gaps.size(), 0.03);
  }

  @Test
  void theSameSeedGivesTheSameTimes_anotherOneOthers() {
    Duration length = Duration.ofSeconds(10);
    List<Duration> times = PoissonArrivals.within(length, 5, SEED);
    assertEquals(times, PoissonArrivals.within(length, 5, SEED));
    assertNotEquals(times, PoissonArrivals.within(length, 5, SEED + 1));
  }

  @Test
  void theyAreAscendingAndBeforeTheEnd() {
    Duration length = Duration.ofSeconds(10);
    List<Duration> times = PoissonArrivals.within(length, 50, SEED);
    assertEquals(times.stream().sorted().toList(), times);
    assertTrue(times.get(times.size() - 1).compareTo(length) < 0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void aRateThatIsNoneIsRefused(double perSecond) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> PoissonArrivals.within(Duration.ofSeconds(1), perSecond, SEED));
    assertEquals("arrivals: " + perSecond + "/s (expected: above 0)", e.getMessage());
  }
}
