package dev.ancestral.trainer.data.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NaturalOrderTest {
  @Test
  void namesAreInTheOrderInWhichPeopleCount() {
    List<String> ordered =
        List.of(
            "",
            "-1",
            "01",
            "1",
            "1a",
            "2",
            "10",
            "12345678901234567890123",
            "12345678901234567890124",
            "Ant",
            "ant",
            "b",
            "Bee",
            "bee 2",
            "bee 10",
            "C",
            "ähre");
    long seed = System.nanoTime();
    List<String> shuffled = new ArrayList<>(ordered);
    Collections.shuffle(shuffled, new Random(seed));
    shuffled.sort(NaturalOrder.INSTANCE);
    assertEquals(ordered, shuffled, "seed " + seed);
  }

  @Test
  void onlyEqualNamesAreEqual() {
    List<String> names = List.of("a", "A", "a1", "a01", "A1", "1", "01", "001", "", " ");
    for (String first : names) {
      for (String second : names) {
        int order = NaturalOrder.INSTANCE.compare(first, second);
        assertEquals(first.equals(second), order == 0, first + " and " + second);
        assertEquals(
            Integer.signum(order), -Integer.signum(NaturalOrder.INSTANCE.compare(second, first)));
      }
    }
  }
}
