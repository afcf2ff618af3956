package dev.ancestral.server.door;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.server.engine.FakeTicker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RepeatsTest {
  private final FakeTicker ticker = new FakeTicker();
  private final Repeats<String> repeats = new Repeats<>(ticker);

  private long passed(String kind, int events) {
    long passed = 0;
    for (int i = 0; i < events; i++) {
      passed += repeats.pass(kind) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void theFirstFewOfAKindPass_theOthersAreSummedAfterTheWindow() {
    assertEquals(Repeats.SHOWN, passed("a", 10_000));
    assertTrue(repeats.pass("b"), "another kind");
    ticker.advance(Repeats.WINDOW.minusNanos(1));
    assertEquals(List.of(), repeats.due());
    assertFalse(repeats.pass("a"));
    ticker.advance(Duration.ofNanos(1));
    assertEquals(List.of(new Repeats.Sum<>("a", 10_001 - Repeats.SHOWN)), repeats.due());
    assertEquals(List.of(), repeats.due(), "each sum is given once");
  }

  @Test
  void afterTheWindowTheFirstFewPassAgain() {
    passed("a", 7);
    ticker.advance(Repeats.WINDOW);
    repeats.due();
    assertEquals(Repeats.SHOWN, passed("a", 7));
  }

  @Test
  void atTheEndAllSumsAreGiven() {
    passed("a", Repeats.SHOWN);
    passed("b", Repeats.SHOWN + 1);
    assertEquals(List.of(new Repeats.Sum<>("b", 1)), repeats.all());
  }
}
