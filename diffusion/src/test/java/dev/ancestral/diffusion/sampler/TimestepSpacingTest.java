package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimestepSpacingTest {
  @Test
  void tenOfAThousand() {
    assertArrayEquals(
        new int[] {900, 800, 700, 600, 500, 400, 300, 200, 100, 0},
        TimestepSpacing.LEADING.timesteps(1000, 10));
    assertArrayEquals(
        new int[] {999, 888, 777, 666, 555, 444, 333, 222, 111, 0},
        TimestepSpacing.LINSPACE.timesteps(1000, 10));
    assertArrayEquals(
        new int[] {999, 899, 799, 699, 599, 499, 399, 299, 199, 99},
        TimestepSpacing.TRAILING.timesteps(1000, 10));
  }

  @Test
  void thirteenOfAThousand_roundsHalfToEven() {
    assertArrayEquals(
        new int[] {912, 836, 760, 684, 608, 532, 456, 380, 304, 228, 152, 76, 0},
        TimestepSpacing.LEADING.timesteps(1000, 13));
    assertArrayEquals(
        new int[] {999, 916, 832, 749, 666, 583, 500, 416, 333, 250, 166, 83, 0},
        TimestepSpacing.LINSPACE.timesteps(1000, 13));
    assertArrayEquals(
        new int[] {999, 922, 845, 768, 691, 614, 537, 461, 384, 307, 230, 153, 76},
        TimestepSpacing.TRAILING.timesteps(1000, 13));
  }

  @ParameterizedTest
  @EnumSource
  void timestepsFallStrictly_andStayInBounds_forEveryStepCount(TimestepSpacing spacing) {
    for (int total : new int[] {1, 7, 100, 1000}) {
      for (int steps = 1; steps <= total; steps++) {
        int[] visited = spacing.timesteps(total, steps);
        assertEquals(steps, visited.length);
        assertTrue(visited[0] < total, "first of " + steps);
        assertTrue(visited[steps - 1] >= 0, "last of " + steps);
        for (int i = 1; i < steps; i++) {
          assertTrue(visited[i] < visited[i - 1], steps + " steps at " + i);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void noStepsOrTooMany_areRefused(TimestepSpacing spacing) {
    for (int steps : new int[] {-1, 0, 1001}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> spacing.timesteps(1000, steps))
              .getMessage();
      assertEquals("steps: " + steps + " (expected: 1..1000)", message);
    }
  }
}
