package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.v1.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SampleProgressTest {
  private static Progress waiting(long ahead, double millis) {
    return Progress.newBuilder()
        .setStepsTotal(100)
        .setQueueRowsAhead(ahead)
        .setEstimatedWaitMs(millis)
        .build();
  }

  @Test
  void whatWaitsSaysItsPlace_andSoForEachTenthThatGoes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (SampleProgress progress = SampleProgress.lines(out)) {
      for (int ahead : new int[] {90, 90, 85, 81, 80, 30, 22, 1}) {
        progress.show(waiting(ahead, 88.0 * ahead));
      }
      progress.show(Progress.newBuilder().setStepsTotal(100).setQueueRowsAhead(0).build());
      progress.show(Scripts.progress(100, 100).getProgress());
    }
    assertEquals(
        """
        waiting: 90 rows ahead, about 8 s
        waiting: 81 rows ahead, about 8 s
        waiting: 30 rows ahead, about 3 s
        waiting: 1 rows ahead, about 1 s
        sampling: 100 of 100 steps
        """,
        bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  @Test
  void withoutATerminalThereIsALineForEachTenthAtMost() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (SampleProgress progress = SampleProgress.lines(out)) {
      for (int done : new int[] {0, 4, 13, 17, 55, 59, 100, 100}) {
        progress.show(Scripts.progress(done, 100).getProgress());
      }
    }
    assertEquals(
        """
        sampling: 13 of 100 steps
        sampling: 55 of 100 steps
        sampling: 100 of 100 steps
        """,
        bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }
}
