package dev.ancestral.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final long SEED = 3;

  private static double mean(int[] chosen) {
    return Arrays.stream(chosen).average().orElseThrow();
  }

  @Test
  void theMeanOfManyIsAsWideAsItsStandardErrorSays() {
    int n = 100;
    Interval interval = Bootstrap.interval(n, SEED, BootstrapTest::mean);
    double mean = (n - 1) / 2.0;
    double error =
        Math.sqrt(IntStream.range(0, n).mapToDouble(i -> (i - mean) * (i - mean)).sum()) / n;
    assertEquals(mean - 1.96 * error, interval.low(), 0.2 * error);
    assertEquals(mean + 1.96 * error, interval.high(), 0.2 * error);
    assertEquals(0.95, interval.confidence());
  }

  @Test
  void blocksThatAreAlikeLeaveNoDoubt() {
    Interval interval = Bootstrap.interval(5, SEED, chosen -> 7);
    assertEquals(new Interval(7, 7, 0.95), interval);
  }

  @Test
  void oneBlockSaysNothingOfItsError() {
    assertEquals(0, Bootstrap.interval(1, SEED, BootstrapTest::mean).confidence());
  }

  @Test
  void itIsAFunctionOfItsSeed() {
    Interval interval = Bootstrap.interval(50, SEED, BootstrapTest::mean);
    assertEquals(interval, Bootstrap.interval(50, SEED, BootstrapTest::mean));
    assertNotEquals(interval, Bootstrap.interval(50, SEED + 1, BootstrapTest::mean));
  }

  @Test
  void noBlockIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Bootstrap.interval(0, SEED, BootstrapTest::mean));
  }
}
