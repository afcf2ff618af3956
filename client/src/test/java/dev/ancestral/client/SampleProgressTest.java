package dev.ancestral.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SampleProgressTest {
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
