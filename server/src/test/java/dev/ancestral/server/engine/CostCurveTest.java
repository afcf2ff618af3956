package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.engine.CostCurve.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CostCurveTest {
  @Test
  void measuredSizesAreKept_betweenThemIsAStraightLine() {
    CostCurve curve =
        new CostCurve(8, List.of(new Point(8, 66), new Point(1, 10), new Point(4, 34)));
    assertEquals(10, curve.millis(1));
    assertEquals(18, curve.millis(2), 1e-9);
    assertEquals(34, curve.millis(4));
    assertEquals(58, curve.millis(7), 1e-9);
    assertEquals(List.of(1, 4, 8), curve.measured().stream().map(Point::rows).toList());
  }

  @Test
  void beyondTheMeasuredSizesTheAssumedShapeIsScaled() {
    CostCurve assumed = CostCurve.assumed(16);
    CostCurve curve = new CostCurve(16, List.of(new Point(4, 100)));
    for (int rows = 1; rows <= 16; rows++) {
      assertEquals(
          assumed.millis(rows) / assumed.millis(4),
          curve.millis(rows) / 100,
          1e-12,
          rows + " rows");
    }
  }

  @Test
  void thePeakIsTheSmallestSizeOfTheHighestThroughput() {
    CostCurve flatUntilFour =
        new CostCurve(8, List.of(new Point(1, 10), new Point(4, 10), new Point(8, 20)));
    assertEquals(4, flatUntilFour.peakRows());
    assertEquals(4, flatUntilFour.nearPeakRows());
    assertEquals(2.5, flatUntilFour.peakMillisPerRow());
  }

  @Test
  void whereABatchBuysLittle_aSmallOneIsNearThePeak() {
    CostCurve cpu = new CostCurve(16, List.of(new Point(1, 10.25), new Point(16, 129.5)));
    assertEquals(16, cpu.peakRows());
    assertEquals(5, cpu.nearPeakRows());
    CostCurve proportional = new CostCurve(16, List.of(new Point(1, 10), new Point(16, 160)));
    assertEquals(1, proportional.nearPeakRows());
  }

  @Test
  void fewerRowsTakeNoLongerThanMore_whateverWasMeasured() {
    CostCurve curve =
        new CostCurve(
            8,
            List.of(
                new CostCurve.Point(1, 1), new CostCurve.Point(4, 50), new CostCurve.Point(8, 6)));
    assertEquals(1, curve.millis(1));
    assertEquals(6, curve.millis(4));
    assertEquals(8, curve.peakRows());
  }

  @Test
  void impossibleMeasurementsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Point(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new Point(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new Point(1, Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> CostCurve.assumed(0));
  }

  @Test
  void servedCallsRefineTheCurve() {
    CostMeter meter = new CostMeter(new CostCurve(4, List.of(new Point(1, 10), new Point(4, 40))));
    for (int i = 0; i < 256; i++) {
      meter.observe(1, 15);
      meter.observe(3, 36);
    }
    CostCurve refined = meter.curve();
    assertEquals(15, refined.millis(1), 0.01);
    assertEquals(36, refined.millis(3), 0.01);
    assertEquals(40, refined.millis(4));
  }

  @Test
  void aCurveThatIsOnlyAssumedStaysAsItIs() {
    CostMeter meter = new CostMeter(CostCurve.assumed(4));
    for (int i = 0; i < 256; i++) {
      meter.observe(1, 15);
    }
    assertFalse(meter.curve().isMeasured());
  }

  @Test
  void oneCallThatWasHeldUpChangesLittle() {
    CostMeter meter = new CostMeter(new CostCurve(1, List.of(new Point(1, 10))));
    meter.observe(1, 10_000);
    for (int i = 0; i < 63; i++) {
      meter.observe(1, 10);
    }
    assertTrue(meter.curve().millis(1) < 10.1, "one row: " + meter.curve().millis(1));
  }
}
