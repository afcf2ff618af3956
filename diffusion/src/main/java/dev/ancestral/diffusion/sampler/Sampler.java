package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;

/**
 * An update rule, as a pure function from a schedule to a table of coefficients. One file each;
 * stateless.
 */
public interface Sampler {
  /** The name a request gives it. */
  String name();

  /** How many steps it takes when nobody says. */
  int defaultSteps(int timesteps);

  /**
   * The chain.
   *
   * @throws IllegalArgumentException when the steps do not fit the schedule, or an option does not
   *     fit the sampler
   */
  ChainPlan plan(NoiseSchedule schedule, PredictionType prediction, SamplerOptions options);
}
