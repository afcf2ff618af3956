package dev.ancestral.exporter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.DataSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreviewTest {
  @Test
  void theLargerTheImages_theFewerAreDrawn_butNeverLessThanARow() {
    assertEquals(16, cells(8, 8));
    assertEquals(16, cells(64, 64));
    assertEquals(8, cells(128, 64));
    assertEquals(4, cells(128, 128));
    assertEquals(4, cells(512, 512));
  }

  private static int cells(long height, long width) {
    return Preview.cells(new DataSpec(List.of(3L, height, width), -1, 1, 256));
  }
}
