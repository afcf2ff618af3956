package dev.ancestral.trainer.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
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

  @Test
  void intervalHolds_asOftenAsItSays_whereTheDistributionsDiffer() {
    // X-Y is N(1, 2): 2·E|N(1, 2)| - 2·E|N(0, 2)|.
    double truth = 0.541808;
    int above = 0;
    int below = 0;
    for (int seed = 0; seed < 200; seed++) {
      Interval interval =
          EnergyDistance.interval(normals(80, 1, 2 * seed), normals(60, 0, 2 * seed + 1));
      above += interval.low() > truth ? 1 : 0;
      below += interval.high() < truth ? 1 : 0;
    }
    // 10 of 200 are expected on either side, give or take 3.
    assertTrue(above >= 3 && above <= 20 && below >= 3 && below <= 20, above + " " + below);
  }

  @Test
  void interval_isTheJackknifeOfBothSides() {
    List<float[]> x = normals(5, 1, 3);
    List<float[]> y = normals(4, 0, 4);
    double variance = jackknife(x, rest -> EnergyDistance.between(rest, y));
    variance += jackknife(y, rest -> EnergyDistance.between(x, rest));
    Interval interval = EnergyDistance.interval(x, y);
    assertEquals(EnergyDistance.between(x, y), interval.value(), 1e-12);
    assertEquals(1.6448536 * Math.sqrt(variance), interval.high() - interval.value(), 1e-9);
    assertEquals(interval.value() - interval.low(), interval.high() - interval.value(), 1e-12);
  }

  private static double jackknife(List<float[]> points, ToDoubleFunction<List<float[]>> figure) {
    int n = points.size();
    double[] without = new double[n];
    double mean = 0;
    for (int i = 0; i < n; i++) {
      List<float[]> rest = new ArrayList<>(points);
      rest.remove(i);
      without[i] = figure.applyAsDouble(rest);
      mean += without[i] / n;
    }
    double squares = 0;
    for (double value : without) {
      squares += (value - mean) * (value - mean);
    }
    return squares * (n - 1) / n;
  }
}
