package dev.ancestral.bench.load;

import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.noise.PhiloxRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Arrivals that do not know of each other: the gaps are exponential, -ln(u)/rate. A function of the
 * seed.
 */
public final class PoissonArrivals {
  private static final int STREAM = 1;
  private static final double NANOS = 1e9;

  private PoissonArrivals() {}

  /**
   * The times from the start, ascending, all before the end.
   *
   * @param perSecond the mean rate, above 0
   */
  public static List<Duration> within(Duration length, double perSecond, long seed) {
    if (!(perSecond > 0 && Double.isFinite(perSecond))) {
      throw new IllegalArgumentException("arrivals: %s/s (expected: above 0)".formatted(perSecond));
    }
    PhiloxRandom random = new PhiloxRandom(seed, NoisePurpose.DATA, STREAM, 0);
    List<Duration> times = new ArrayList<>();
    double seconds = length.toNanos() / NANOS;
    double at = gap(random, perSecond);
    while (at < seconds) {
      times.add(Duration.ofNanos((long) (at * NANOS)));
      at += gap(random, perSecond);
    }
    return times;
  }

  private static double gap(PhiloxRandom random, double perSecond) {
    // nextDouble is in [0, 1): its complement has a logarithm.
    return -StrictMath.log(1 - random.nextDouble()) / perSecond;
  }
}
