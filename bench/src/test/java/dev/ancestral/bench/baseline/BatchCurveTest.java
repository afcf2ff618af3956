package dev.ancestral.bench.baseline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchCurveTest {
  private static final BatchCurve CURVE = new BatchCurve(Map.of(1, 10.0, 8, 66.0, 16, 140.0));

  @Test
  void theBestSizeDoesTheMostRowsInASecond() {
    assertEquals(8, CURVE.best());
    assertEquals(8 / 66.0 * 1000, CURVE.rowsPerSecond(8), 1e-9);
  }

  @Test
  void aSizeThatWasNotMeasuredIsRefused() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> CURVE.callMillis(2));
    assertEquals("batch: 2 (expected one of: [1, 8, 16])", e.getMessage());
  }
}
