package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.server.engine.ChainLength.Cost;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ChainLengthTest {
  @Test
  void theShortestChainThatIsNearTheBestIsTaken() {
    List<Cost> costs =
        List.of(new Cost(2, 1.5), new Cost(4, 1.1), new Cost(8, 1.02), new Cost(16, 1.0));
    assertEquals(8, ChainLength.worthwhile(2, costs));
  }

  @Test
  void whereNoChainIsFasterStepsAreSingle() {
    assertEquals(1, ChainLength.worthwhile(1, List.of(new Cost(2, 1.2), new Cost(4, 1.1))));
    assertEquals(1, ChainLength.worthwhile(1, List.of(new Cost(2, 0.98), new Cost(4, 0.97))));
    assertEquals(1, ChainLength.worthwhile(1, List.of()));
  }

  @Test
  void whatWorthIsFoundByTimingTheChain() {
    long[] now = {0};
    // A call costs 0.9 ms, and each of its steps 0.1 ms more.
    DeviceChain timed =
        new DeviceChain() {
          @Override
          public int maxRows() {
            return 1;
          }

          @Override
          public int maxSteps() {
            return 32;
          }

          @Override
          public void run(List<? extends ChainRow> samples, int steps) {
            now[0] += 900_000 + 100_000L * steps;
          }

          @Override
          public void close() {}
        };
    assertEquals(32, new ChainTimer(timed, () -> now[0]).worthwhile(1, new float[4]));
    assertEquals(1, new ChainTimer(timed, () -> now[0]).worthwhile(0.1, new float[4]));
  }
}
