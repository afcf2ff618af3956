package dev.ancestral.exporter.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Conditioning;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrawsTest {
  private static final Conditioning CLASSES = new Conditioning(2, List.of(), 2);

  private static Draws draws(Draws.Use use, boolean guided) {
    return Draws.of(use, 0, 5, 3, CLASSES, guided, 9);
  }

  @Test
  void labelsComeInTurn_theNullLabelAmongThemWhereNobodyGuides() {
    assertArrayEquals(new long[] {0, 1, 2, 0, 1}, draws(Draws.Use.FIT, false).labels());
    assertArrayEquals(new long[] {0, 1, 0, 1, 0}, draws(Draws.Use.FIT, true).labels());
    assertArrayEquals(
        new long[5], Draws.of(Draws.Use.FIT, 0, 5, 3, null, false, 9).labels(), "no classes");
  }

  @Test
  void noTwoUsesShareAStart_andGuidedChainsStartWhereUnguidedOnesDo() {
    Set<String> starts = new HashSet<>();
    for (Draws.Use use : Draws.Use.values()) {
      for (float[] start : draws(use, false).noise()) {
        starts.add(Arrays.toString(start));
      }
    }
    assertEquals(5 * Draws.Use.values().length, starts.size());
    assertArrayEquals(
        draws(Draws.Use.HELD_OUT, false).noise(), draws(Draws.Use.HELD_OUT, true).noise());
  }

  @Test
  void theRestOfSomeDraws_areThoseOfAllTogether() {
    Draws all = draws(Draws.Use.COMPARISON, false);
    Draws rest = Draws.of(Draws.Use.COMPARISON, 2, 3, 3, CLASSES, false, 9);
    assertArrayEquals(Arrays.copyOfRange(all.noise(), 2, 5), rest.noise());
    assertArrayEquals(Arrays.copyOfRange(all.labels(), 2, 5), rest.labels());
  }

  @Test
  void startsAreThoseOfServedSamples_atTheChainsScale() {
    float[] served = new float[3];
    GaussianNoise.fill(served, 9, NoisePurpose.INITIAL, 4, 0);

    assertArrayEquals(served, draws(Draws.Use.FIT, false).noise()[4]);
    float[] scaled = draws(Draws.Use.FIT, false).start(80)[4];
    assertEquals(80 * served[0], scaled[0]);
  }
}
