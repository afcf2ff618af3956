package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecodingProgressTest {
  private long now;

  private List<String> lines(long millisecondsEach) {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try (DecodingProgress progress = new DecodingProgress("decoding", out, 24, () -> now, false)) {
      for (int i = 0; i < 24; i++) {
        now += Duration.ofMillis(millisecondsEach).toNanos();
        progress.step();
      }
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void whatIsOverAtOnceIsSilent() {
    assertEquals(List.of(), lines(40));
  }

  @Test
  void withoutATerminalThereIsALineNowAndThen() {
    assertEquals(
        List.of(
            "decoding  2 of 24 images", "decoding  12 of 24 images", "decoding  22 of 24 images"),
        lines(500));
  }
}
