package dev.ancestral.bench.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerMetricsTest {
  private static final String TEXT =
      """
      # TYPE ancestral_call_seconds_total counter
      ancestral_call_seconds_total{model="unet-32"} 0.9377451730184257
      ancestral_call_seconds_total{model="unet-8"} 1.5E-4
      ancestral_call_seconds_total_other{model="unet-8"} 7
      ancestral_calls_total{model="unet-8"} 3
      """;

  @Test
  void aCounterHasAValueForEachModel() {
    ServerMetrics.Values values = ServerMetrics.parse(TEXT, ServerMetrics.CALL_SECONDS);
    assertEquals(Map.of("unet-32", 0.9377451730184257, "unet-8", 1.5e-4), values.byModel());
    assertEquals(1.5e-4, values.of("unet-8"));
    assertEquals(0.9377451730184257 + 1.5e-4, values.sum(), 1e-12);
  }

  @Test
  void aCounterThatIsNotThereHasNone() {
    ServerMetrics.Values values = ServerMetrics.parse(TEXT, ServerMetrics.CALL_ROWS);
    assertEquals(Map.of(), values.byModel());
    assertThrows(IllegalArgumentException.class, () -> values.of("unet-8"));
  }
}
