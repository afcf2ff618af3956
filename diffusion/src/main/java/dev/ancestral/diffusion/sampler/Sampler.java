package dev.ancestral.diffusion.sampler;

/**
 * An update rule, as a pure function from a model's facts to a table of coefficients. One file
 * each; stateless.
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
   *     fit the sampler or the model
   */
  ChainPlan plan(DiffusionModel model, SamplerOptions options);
}
