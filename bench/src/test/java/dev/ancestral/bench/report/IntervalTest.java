package dev.ancestral.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntervalTest {
  private static List<Double> upTo(int n) {
    return IntStream.rangeClosed(1, n).mapToObj(i -> (double) i).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 0",
    "2, 1, 2, 0.5",
    "3, 1, 3, 0.75",
    "5, 1, 5, 0.9375",
    "6, 1, 6, 0.96875",
    "8, 1, 8, 0.9921875",
    "9, 2, 8, 0.9609375",
    "15, 4, 12, 0.96484375",
    "20, 6, 15, 0.9586105",
    "24, 7, 18, 0.9773442"
  })
  void itsEndsAreTheRanksOfTheSignTest(int n, double low, double high, double confidence) {
    Interval interval = Interval.ofMedian(upTo(n));
    assertEquals(low, interval.low());
    assertEquals(high, interval.high());
    assertEquals(confidence, interval.confidence(), 1e-7);
  }

  @Test
  void theOrderOfTheMeasurementsDoesNotMatter() {
    List<Double> shuffled = List.of(5.0, 1.0, 9.0, 3.0, 7.0, 2.0, 8.0, 4.0, 6.0);
    assertEquals(Interval.ofMedian(upTo(9)), Interval.ofMedian(shuffled));
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 9, 24})
  void itHoldsTheMedianAsOftenAsItSays(int n) {
    // Of a distribution far from symmetric, whose median is ln 2.
    PhiloxRandom random = new PhiloxRandom(11, NoisePurpose.DATA, 0, 0);
    int trials = 4000;
    int held = 0;
    double confidence = 0;
    for (int trial = 0; trial < trials; trial++) {
      List<Double> measurements = new ArrayList<>();
      for (int i = 0; i < n; i++) {
        measurements.add(-Math.log(1 - random.nextDouble()));
      }
      Interval interval = Interval.ofMedian(measurements);
      confidence = interval.confidence();
      held += interval.low() <= Math.log(2) && Math.log(2) <= interval.high() ? 1 : 0;
    }
    // Four standard deviations of the number of trials.
    double tolerance = 4 * Math.sqrt(confidence * (1 - confidence) / trials);
    assertEquals(confidence, held / (double) trials, tolerance);
  }

  @Test
  void oneThatDescendsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Interval(2, 1, 0.95));
  }
}
