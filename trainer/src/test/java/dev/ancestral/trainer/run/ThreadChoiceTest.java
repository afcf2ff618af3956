package dev.ancestral.trainer.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThreadChoiceTest {
  @Test
  void theFastestNumberIsTaken_whateverTheNumberOfCores() {
    double[] seconds = {0, 0.3, 0.2, 0, 0.15, 0, 0.18};
    assertEquals(4, ThreadChoice.of(6, threads -> seconds[threads]).threads());
    assertEquals(1, ThreadChoice.of(1, threads -> seconds[threads]).threads());
    assertEquals(2, ThreadChoice.of(2, threads -> seconds[threads]).threads());
  }

  @Test
  void moreThreadsHaveToBeWorthIt() {
    assertEquals(1, ThreadChoice.of(2, threads -> threads == 1 ? 0.100 : 0.098).threads());
    assertEquals(2, ThreadChoice.of(2, threads -> threads == 1 ? 0.100 : 0.090).threads());
  }

  @Test
  void theQuickestOfSeveralTurnsCounts_andTheVeryFirstPassDoesNot() {
    List<Integer> asked = new ArrayList<>();
    ThreadChoice choice =
        ThreadChoice.of(
            2,
            threads -> {
              asked.add(threads);
              return asked.size() == 1 ? 9 : asked.size() == 6 ? 0.05 : 0.1 * threads;
            });
    assertEquals(List.of(2, 2, 1, 2, 1, 2, 1, 2), asked);
    assertEquals(Map.of(1, 0.1, 2, 0.05), choice.seconds());
    assertEquals(2, choice.threads());
    assertEquals("2, since a pass takes 100 ms with 1, 50.0 ms with 2", choice.inWords());
  }

  @Test
  void longPassesTakeAllCores_withoutTrying() {
    List<Integer> asked = new ArrayList<>();
    ThreadChoice choice =
        ThreadChoice.of(
            8,
            threads -> {
              asked.add(threads);
              return 0.6;
            });
    assertEquals(8, choice.threads());
    assertEquals(List.of(8, 8), asked);
  }
}
