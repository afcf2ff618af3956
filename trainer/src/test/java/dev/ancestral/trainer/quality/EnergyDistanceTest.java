package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnergyDistanceTest {
  private static float[] at(float... point) {
    return point;
  }

  private static List<float[]> normals(int count, double mean, int seed) {
    float[] noise = new float[count];
    GaussianNoise.fill(noise, seed, NoisePurpose.DATA, 0, 0);
    List<float[]> points = new ArrayList<>();
    for (float value : noise) {
      points.add(at((float) (mean + value)));
    }
    return points;
  }

  @Test
  void pairsAreDistinct_andBothSidesMayHaveAnyLength() {
    // 2·(1+5+2+2)/4 - 3 - 4.
    assertEquals(-2, EnergyDistance.between(List.of(at(0), at(3)), List.of(at(1), at(5))), 1e-12);
    // 2·(5+0+10+0+5+5)/6 - 5 - (5+5+10)/3, from triangles of 3, 4 and 5.
    assertEquals(
        -10 / 3.0,
        EnergyDistance.between(List.of(at(0, 0), at(3, 4)), List.of(at(3, 4), at(0, 0), at(6, 8))),
        1e-12);
  }

  @Test
  void shiftedNormals_haveTheDistanceOfTheFormula() {
    // X-Y is N(1, 2): 2·E|N(1, 2)| - 2·E|N(0, 2)| = 2·(1.399283 - 1.128379).
    assertEquals(0.541808, EnergyDistance.between(normals(4000, 1, 1), normals(4000, 0, 2)), 0.06);
  }

  @Test
  void equalDistributions_haveDistanceZeroInTheMean() {
    double sum = 0;
    for (int i = 0; i < 40; i++) {
      sum += EnergyDistance.between(normals(50, 0, 2 * i), normals(50, 0, 2 * i + 1));
    }
    // Pairs of a point with itself would add 2·1.128/50 = 0.045.
    assertEquals(0, sum / 40, 0.015);
  }

  @Test
  void onePointHasNoPair() {
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> EnergyDistance.between(List.of(at(0)), List.of(at(1), at(5))));
    assertEquals(
        "energy distance: 1 point (expected: at least 2 on each side)", error.getMessage());
  }
}
