package dev.ancestral.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import dev.ancestral.trainer.config.TimestepChoice;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimestepSourceTest {
  private static final int TIMESTEPS = 4;

  private static PhiloxRandom random(int iteration) {
    return new PhiloxRandom(3, NoisePurpose.TIMESTEPS, iteration, 0);
  }

  /** A second-moment source that has seen ten losses at each timestep, the last of each given. */
  private static TimestepSource taught(double... losses) {
    TimestepSource source = TimestepSource.of(TimestepChoice.SECOND_MOMENT, losses.length);
    for (int round = 0; round < 12; round++) {
      for (int t = 0; t < losses.length; t++) {
        // The first two rounds are forgotten.
        source.observe(new int[] {t}, new float[] {round < 2 ? 1000 : (float) losses[t]});
      }
    }
    return source;
  }

  @ParameterizedTest
  @EnumSource(TimestepChoice.class)
  void untaught_everyTimestepIsEquallyFrequent_andCountsOnce(TimestepChoice choice) {
    TimestepSource source = TimestepSource.of(choice, TIMESTEPS);
    int[] timesteps = new int[40_000];
    float[] weights = new float[timesteps.length];
    source.draw(random(1), timesteps, weights);
    for (int t = 0; t < TIMESTEPS; t++) {
      int wanted = t;
      double share = Arrays.stream(timesteps).filter(one -> one == wanted).count() / 40_000.0;
      // Standard deviation 0.0022, and 0.0031 where rows come in pairs.
      assertEquals(0.25, share, 0.013, "t = " + t);
    }
    for (float weight : weights) {
      assertEquals(1, weight, 0);
    }
  }

  @Test
  void antitheticRowsComeInPairs_andTheLastOfAnOddNumberAlone() {
    int[] timesteps = new int[7];
    TimestepSource.of(TimestepChoice.ANTITHETIC, 1000).draw(random(1), timesteps, new float[7]);
    for (int row = 0; row < 6; row += 2) {
      assertEquals(999, timesteps[row] + timesteps[row + 1]);
    }
  }

  @Test
  void taught_timestepsAreAsFrequentAsTheirLossesAreLarge() {
    TimestepSource source = taught(1, 2, 4, 1);
    int[] timesteps = new int[80_000];
    float[] weights = new float[timesteps.length];
    source.draw(random(1), timesteps, weights);
    double[] shares = {0.125, 0.25, 0.5, 0.125};
    for (int t = 0; t < TIMESTEPS; t++) {
      double expected = 0.999 * shares[t] + 0.001 / TIMESTEPS;
      int wanted = t;
      double share = Arrays.stream(timesteps).filter(one -> one == wanted).count() / 80_000.0;
      assertEquals(expected, share, 0.009, "t = " + t);
    }
    for (int row = 0; row < 100; row++) {
      double expected = 0.999 * shares[timesteps[row]] + 0.001 / TIMESTEPS;
      assertEquals(1 / (TIMESTEPS * expected), weights[row], 1e-6);
    }
  }

  @Test
  void weightedLossesEstimateTheMeanOverAllTimesteps() {
    double[] losses = {1, 2, 4, 1};
    int[] timesteps = new int[80_000];
    float[] weights = new float[timesteps.length];
    taught(1, 3, 2, 5).draw(random(1), timesteps, weights);
    double sum = 0;
    for (int row = 0; row < timesteps.length; row++) {
      sum += weights[row] * losses[timesteps[row]];
    }
    // Mean of a row 2, its standard deviation below 2.
    assertEquals(2, sum / timesteps.length, 0.03);
  }

  @Test
  void lossesThatAreAllZeroLeaveTimestepsUniform() {
    float[] weights = new float[5];
    taught(0, 0, 0).draw(random(1), new int[5], weights);
    assertArrayEquals(new float[] {1, 1, 1, 1, 1}, weights);
  }

  @Test
  void aRestoredHistoryDrawsTheSame() {
    TimestepSource source = taught(1, 2, 4, 1);
    TimestepSource restored = TimestepSource.of(TimestepChoice.SECOND_MOMENT, TIMESTEPS);
    restored.restore(source.history());
    source.observe(new int[] {0}, new float[] {9});
    restored.observe(new int[] {0}, new float[] {9});
    int[] expected = new int[64];
    int[] actual = new int[64];
    source.draw(random(2), expected, new float[64]);
    restored.draw(random(2), actual, new float[64]);
    assertArrayEquals(expected, actual);
  }

  @Test
  void aHistoryOfAnotherKindIsRefused() {
    assertNull(TimestepSource.of(TimestepChoice.UNIFORM, 3).history());
    LossHistory history = taught(1, 2, 3).history();
    assertThrows(
        IllegalArgumentException.class,
        () -> TimestepSource.of(TimestepChoice.UNIFORM, 3).restore(history));
    assertThrows(
        IllegalArgumentException.class,
        () -> TimestepSource.of(TimestepChoice.SECOND_MOMENT, 3).restore(null));
    assertThrows(
        IllegalArgumentException.class,
        () -> TimestepSource.of(TimestepChoice.SECOND_MOMENT, 4).restore(history));
  }
}
