package dev.ancestral.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StepReadingTest {
  @Test
  void theRateIsFromCountToCount() {
    StepReading begin = new StepReading(16, 1_000_000_000L);
    StepReading end = new StepReading(16 + 16 * 5, 1_500_000_000L);
    assertEquals(160, end.perSecondSince(begin), 1e-9);
  }

  @Test
  void withoutAStepItIsZero() {
    StepReading begin = new StepReading(16, 1_000_000_000L);
    assertEquals(0, begin.perSecondSince(begin));
  }

  @Test
  void aCounterSaysWhenItLastCounted() {
    StepCounter counter = new StepCounter();
    counter.add(4);
    StepReading first = counter.reading();
    assertEquals(first, counter.reading());
    counter.add(3);
    assertEquals(7, counter.reading().steps());
    assertEquals(true, counter.reading().nanos() >= first.nanos());
  }
}
