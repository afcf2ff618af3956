package dev.ancestral.bench.report;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * How far a number may be from what more measurements would give: it is computed again from blocks
 * drawn from the measured ones, with replacement (Efron 1979). Whole blocks are drawn, since the
 * measurements within one depend on each other: requests that waited in the same queue do.
 */
public final class Bootstrap {
  private static final int STREAM = 3;
  private static final int DRAWS = 1000;

  private Bootstrap() {}

  /**
   * The middle 95 % of the numbers; a function of its seed.
   *
   * @param blocks how many there are, at least 1
   * @param statistic the number of the blocks with these indices, some of which come repeatedly
   */
  public static Interval interval(int blocks, long seed, ToDoubleFunction<int[]> statistic) {
    if (blocks < 1) {
      throw new IllegalArgumentException("blocks: %d (expected: at least 1)".formatted(blocks));
    }
    PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.DATA, STREAM, 0);
    double[] numbers = new double[DRAWS];
    int[] chosen = new int[blocks];
    for (int draw = 0; draw < DRAWS; draw++) {
      Arrays.setAll(chosen, ignored -> random.nextInt(blocks));
      numbers[draw] = statistic.applyAsDouble(chosen);
    }
    Arrays.sort(numbers);
    int outside = (int) Math.round(DRAWS * (1 - Interval.CONFIDENCE) / 2);
    return new Interval(
        numbers[outside], numbers[DRAWS - 1 - outside], blocks == 1 ? 0 : Interval.CONFIDENCE);
  }
}
