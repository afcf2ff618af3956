package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VarietyTest {
  private static float[][] line(float... places) {
    float[][] rows = new float[places.length][1];
    for (int i = 0; i < places.length; i++) {
      rows[i][0] = places[i];
    }
    return rows;
  }

  private static float[][] together(float[][] a, float[][] b) {
    return Stream.concat(Stream.of(a), Stream.of(b)).toArray(float[][]::new);
  }

  @Test
  void balls_reachToTheKthNeighbour() {
    float[][] reference = line(0, 1, 3, 7);
    // With one neighbour the balls are [-1, 1], [0, 2], [1, 5] and [3, 11].
    Variety one = Variety.of(line(-0.5f, -1.5f, 5.5f, 12), reference, 1);
    assertEquals(0.5, one.precision());
    // With two, [-3, 3], [-1, 3], [0, 6] and [1, 13].
    assertEquals(1, Variety.of(line(-0.5f, -1.5f, 5.5f, 12), reference, 2).precision());
  }

  @Test
  void sameSet_hasAllOfBoth() {
    float[][] rows = Draws.normal(100, 8, 1);
    assertEquals(new Variety(1, 1), Variety.of(rows, rows, Variety.NEIGHBOURS));
  }

  @Test
  void lostMode_lowersRecallAlone() {
    float[][] left = Draws.affine(Draws.normal(200, 2, 2), 1, -20);
    float[][] right = Draws.affine(Draws.normal(200, 2, 3), 1, 20);
    float[][] reference = together(left, right);
    float[][] moreLeft = Draws.affine(Draws.normal(400, 2, 4), 1, -20);
    Variety variety = Variety.of(moreLeft, reference, Variety.NEIGHBOURS);
    assertTrue(variety.precision() > 0.9, variety.toString());
    assertTrue(variety.recall() > 0.4 && variety.recall() <= 0.5, variety.toString());
  }

  @Test
  void modeThatNobodyKnows_lowersPrecisionAlone() {
    float[][] reference = Draws.affine(Draws.normal(400, 2, 2), 1, -20);
    float[][] samples =
        together(
            Draws.affine(Draws.normal(200, 2, 5), 1, -20),
            Draws.affine(Draws.normal(200, 2, 6), 1, 20));
    Variety variety = Variety.of(samples, reference, Variety.NEIGHBOURS);
    assertTrue(variety.precision() > 0.4 && variety.precision() <= 0.5, variety.toString());
    assertTrue(variety.recall() > 0.9, variety.toString());
  }

  @Test
  void tooManyNeighbours_areRefused() {
    assertEquals(
        "neighbours: 3 (expected: 1..2, fewer than samples)",
        assertThrows(
                IllegalArgumentException.class,
                () -> Variety.of(line(1, 2, 3, 4), line(1, 2, 3), 3))
            .getMessage());
  }
}
