package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RespacingTest {
  @Test
  void ddim25OfAThousand_areMultiplesOfForty() {
    assertArrayEquals(
        IntStream.range(0, 25).map(i -> 960 - 40 * i).toArray(), timesteps("ddim25", 1000));
  }

  @Test
  void tenOfAThousand_reachBothEnds() {
    assertArrayEquals(
        new int[] {999, 888, 777, 666, 555, 444, 333, 222, 111, 0}, timesteps("10", 1000));
  }

  @Test
  void threeSections_areSpacedEachForItself() {
    int[] falling = timesteps("10,15,20", 300);
    assertEquals(45, falling.length);
    assertArrayEquals(new int[] {0, 11, 22, 33, 44, 55, 66, 77, 88, 99}, rising(falling, 0, 10));
    assertArrayEquals(
        new int[] {100, 107, 114, 121, 128, 135, 142, 149, 157, 164, 171, 178, 185, 192, 199},
        rising(falling, 10, 25));
    assertArrayEquals(
        new int[] {
          200, 205, 210, 216, 221, 226, 231, 236, 242, 247, 252, 257, 263, 268, 273, 278, 283, 289,
          294, 299
        },
        rising(falling, 25, 45));
  }

  @Test
  void timestepsThatDoNotDivide_goToTheFirstSections() {
    assertArrayEquals(new int[] {9, 7, 6, 4, 3, 0}, timesteps("2,2,2", 10));
  }

  @Test
  void aSectionOfOne_takesItsFirstTimestep() {
    assertArrayEquals(new int[] {5, 0}, timesteps("1,1", 10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ddim300 | ddim300 (expected: one that divides, but no whole stride takes 300 of 1000 timesteps)",
        "10,600 | 10,600 (expected: one that divides, but its part 2 has 500 of the 1000 timesteps)",
        "999999,999999 | 999999,999999 (expected: one that divides, but its part 1 has 500 of the 1000 timesteps)",
        "1001 | 1001 (expected: one that divides, but its part 1 has 1000 of the 1000 timesteps)",
      })
  void aRespacingThatCannotBe_isRefused(String text, String problem) {
    InvalidOptionException refusal =
        assertThrows(InvalidOptionException.class, () -> timesteps(text, 1000));
    assertEquals("respacing", refusal.field());
    assertEquals(problem, refusal.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ddim", "10,,5", "-3", "ten", "0", "ddim0", "10,", "1000000"})
  void aTextThatIsNoRespacing_isRefused(String text) {
    InvalidOptionException refusal =
        assertThrows(InvalidOptionException.class, () -> Respacing.of(text));
    assertEquals(
        "respacing: '" + text + "' (expected: such as 10,15,20 or ddim25)", refusal.getMessage());
  }

  @Test
  void aTextBeyondReason_isRefusedUnread() {
    InvalidOptionException refusal =
        assertThrows(InvalidOptionException.class, () -> Respacing.of("1,".repeat(1 << 20) + "1"));
    assertEquals("respacing: 2097153 characters (expected: at most 1000)", refusal.getMessage());
  }

  @Test
  void otherStepsThanItTakes_areRefused() {
    InvalidOptionException refusal =
        assertThrows(
            InvalidOptionException.class, () -> Respacing.of("10,15,20").timesteps(300, 44));
    assertEquals("steps: 44 (expected: 45, as respacing 10,15,20 takes)", refusal.getMessage());
  }

  @Test
  void aSelection_isFoundByItsName() {
    assertEquals(TimestepSpacing.LINSPACE, TimestepSelection.of("linspace"));
    assertEquals(Respacing.of("ddim25"), TimestepSelection.of("ddim25"));
    assertEquals("10,15,20", TimestepSelection.of("10,15,20").label());
  }

  private static int[] timesteps(String text, int timesteps) {
    Respacing respacing = Respacing.of(text);
    return respacing.timesteps(timesteps, respacing.steps());
  }

  private static int[] rising(int[] falling, int from, int to) {
    return IntStream.range(from, to).map(i -> falling[falling.length - 1 - i]).toArray();
  }
}
