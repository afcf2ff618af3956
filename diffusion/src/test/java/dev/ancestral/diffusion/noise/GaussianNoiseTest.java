package dev.ancestral.diffusion.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GaussianNoiseTest {
  private static float[] noise(int length, long seed, NoisePurpose purpose, int index, int step) {
    float[] out = new float[length];
    GaussianNoise.fill(out, seed, purpose, index, step);
    return out;
  }

  @Test
  void mappingToNormals_isFixedForEver() {
    assertArrayEquals(
        new float[] {
          -0.9701898f, 0.19401896f, -1.2356207f,
          1.9239267f, -0.07318151f, 0.13913749f
        },
        noise(6, 42, NoisePurpose.INITIAL, 0, 0));
    assertArrayEquals(
        new float[] {
          -0.8635634f, 1.358784f, -0.91172963f,
          -0.24061042f, 0.3167414f, -0.20651549f
        },
        noise(6, 0x123456789abcdef0L, NoisePurpose.STEP, 3, 7));
  }

  @Test
  void shorterArray_isAPrefixOfTheLonger() {
    float[] longer = noise(23, 5, NoisePurpose.STEP, 1, 2);
    for (int length = 0; length < 23; length++) {
      assertArrayEquals(Arrays.copyOf(longer, length), noise(length, 5, NoisePurpose.STEP, 1, 2));
    }
  }

  @Test
  void offset_leavesItsNeighboursAlone() {
    float[] out = new float[10];
    GaussianNoise.fill(out, 3, 5, 9, NoisePurpose.INITIAL, 0, 0);
    assertEquals(0, out[2], 0);
    assertEquals(0, out[8], 0);
    assertArrayEquals(noise(5, 9, NoisePurpose.INITIAL, 0, 0), Arrays.copyOfRange(out, 3, 8));
  }

  @Test
  void everyPartOfTheCounter_givesAnotherStream() {
    float[] base = noise(4, 1, NoisePurpose.STEP, 2, 3);
    assertFalse(Arrays.equals(base, noise(4, 4, NoisePurpose.STEP, 2, 3)));
    assertFalse(Arrays.equals(base, noise(4, 1L << 40, NoisePurpose.STEP, 2, 3)));
    assertFalse(Arrays.equals(base, noise(4, 1, NoisePurpose.INITIAL, 2, 3)));
    assertFalse(Arrays.equals(base, noise(4, 1, NoisePurpose.STEP, 3, 3)));
    assertFalse(Arrays.equals(base, noise(4, 1, NoisePurpose.STEP, 2, 2)));
  }

  @Test
  void moments_areThoseOfAStandardNormal() {
    int n = 1 << 18;
    float[] x = noise(n, 7, NoisePurpose.INITIAL, 0, 0);
    double mean = 0;
    double square = 0;
    double fourth = 0;
    for (float value : x) {
      mean += value;
      square += value * value;
      fourth += Math.pow(value, 4);
    }
    // Four standard errors at this n.
    assertEquals(0, mean / n, 4 / Math.sqrt(n));
    assertEquals(1, square / n, 4 * Math.sqrt(2.0 / n));
    assertEquals(3, fourth / n, 4 * Math.sqrt(96.0 / n));
  }

  @Test
  void permutation_holdsEveryPlaceOnce() {
    int[] order = new PhiloxRandom(3, NoisePurpose.SHUFFLE, 0, 0).permutation(100);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < 100; i++) {
      assertEquals(i, sorted[i]);
    }
    assertFalse(Arrays.equals(order, sorted));
    assertArrayEquals(order, new PhiloxRandom(3, NoisePurpose.SHUFFLE, 0, 0).permutation(100));
  }
}
