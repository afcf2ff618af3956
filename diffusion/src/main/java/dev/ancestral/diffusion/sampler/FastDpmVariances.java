package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Arrays;
import java.util.List;

/**
 * FastDPM's variances η_0..η_{S-1} (Kong and Ping 2021, section 3.1 and appendix B): from η_0 = β_0
 * they grow by x, evenly to η_{S-1} = x or as β_0·(1 + i·x)², with x such that Π(1 - η_i) =
 * ᾱ_{T-1}. Each product up to i is a level of noise, and the network is given the timestep that has
 * it.
 */
final class FastDpmVariances {
  private FastDpmVariances() {}

  /**
   * The visits, from the noisiest level to the data.
   *
   * @throws InvalidOptionException if no such variances exist
   */
  static List<Visit> visits(NoiseSchedule schedule, int count, FastDpmGrowth growth) {
    double[] etas = etas(schedule, count, growth);
    Visit[] visits = new Visit[count];
    NoiseLevel before = NoiseLevel.CLEAN;
    double alphaBar = 1;
    for (int i = 0; i < count; i++) {
      alphaBar *= 1 - etas[i];
      NoiseLevel level = NoiseLevel.preserving(alphaBar);
      double timestep = FractionalTimestep.of(schedule, alphaBar);
      visits[count - 1 - i] = new Visit(timestep, new Transition(level, before), before);
      before = level;
    }
    return Arrays.asList(visits);
  }

  static double[] etas(NoiseSchedule schedule, int count, FastDpmGrowth growth) {
    double first = schedule.beta(0);
    double target = schedule.alphaBar(schedule.timesteps() - 1);
    double least = growth == FastDpmGrowth.LINEAR ? first : 0;
    // Where the largest variance would be 1.
    double most = growth == FastDpmGrowth.LINEAR ? 1 : (1 / Math.sqrt(first) - 1) / (count - 1);
    if (product(etas(first, least, count, growth)) < target) {
      throw new InvalidOptionException(
          "steps",
          "%d (expected: fewer, since variances that grow from beta_0 = %s would add up to more noise than the trained ones)"
              .formatted(count, first));
    }
    double x =
        Bisection.ofFalling(
            least, most, target, guess -> product(etas(first, guess, count, growth)));
    return etas(first, x, count, growth);
  }

  private static double[] etas(double first, double x, int count, FastDpmGrowth growth) {
    double[] etas = new double[count];
    for (int i = 0; i < count; i++) {
      etas[i] =
          switch (growth) {
            case LINEAR -> first + (x - first) * i / (count - 1);
            case QUADRATIC -> first * (1 + i * x) * (1 + i * x);
          };
    }
    return etas;
  }

  private static double product(double[] etas) {
    double product = 1;
    for (double eta : etas) {
      product *= 1 - eta;
    }
    return product;
  }
}
