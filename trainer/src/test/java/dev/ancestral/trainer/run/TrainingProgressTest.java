package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  @Test
  void waitingForDataIsSaid_whereItIsMuch() {
    assertEquals("1234 images/s", TrainingProgress.speed(1234.4, 0.02));
    assertEquals(
        "7 images/s (25 % of the time waiting for data; data.workers prepares more at once)",
        TrainingProgress.speed(7, 0.25));
  }
}
