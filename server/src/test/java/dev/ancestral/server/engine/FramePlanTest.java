package dev.ancestral.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FramePlanTest {
  private static List<Integer> steps(FramePlan plan) {
    return IntStream.rangeClosed(0, 1000).filter(plan::includes).boxed().toList();
  }

  @Test
  void everyKeepsTheFirstAndTheLast() {
    assertEquals(List.of(0, 4, 8, 10), steps(FramePlan.every(4, 10, true, true)));
    assertEquals(List.of(0, 5, 10), steps(FramePlan.every(5, 10, true, true)));
    assertEquals(List.of(0, 10), steps(FramePlan.every(10, 10, true, true)));
  }

  @Test
  void countIsExactAndEvenlySpread() {
    assertEquals(List.of(0, 2, 5, 8, 10), steps(FramePlan.count(5, 10, true, true)));
    for (int steps = 1; steps <= 60; steps++) {
      for (int count = 2; count <= steps + 1; count++) {
        FramePlan plan = FramePlan.count(count, steps, true, true);
        assertEquals(count, plan.size(), count + " frames of " + steps + " steps");
        assertEquals(true, plan.includes(0) && plan.includes(steps));
      }
    }
  }

  @Test
  void noneIsNone() {
    assertEquals(List.of(), steps(FramePlan.NONE));
  }
}
