package dev.ancestral.diffusion.sampler;

import java.util.List;
import java.util.Optional;

/**
 * An update rule, as a pure function from a model's facts to a table of coefficients. One file
 * each; stateless.
 */
public abstract class Sampler {
  Sampler() {}

  /** The name a request gives it. */
  public abstract String name();

  /** How many of T steps it takes when nobody says, of a network that no more is known of. */
  public abstract int defaultSteps(int timesteps);

  /**
   * How many steps it takes when nobody says.
   *
   * @param guidance the weight, 1 for none
   */
  public int defaultSteps(DiffusionModel model, double guidance) {
    return defaultSteps(model.schedule().timesteps());
  }

  /** The options that it takes, each with the value it has when nobody says. */
  public abstract SamplerOptions defaults(DiffusionModel model);

  /**
   * The same where it depends on what is given.
   *
   * @throws InvalidOptionException if the steps do not fit the sampler
   */
  SamplerOptions defaults(DiffusionModel model, SamplerOptions given) {
    return defaults(model);
  }

  /**
   * Whether it takes an option; a list of timesteps, which has no default, in place of a spacing.
   */
  boolean takes(SamplerOption<?> option, DiffusionModel model) {
    return defaults(model)
        .given()
        .contains(option == SamplerOption.TIMESTEPS ? SamplerOption.SPACING : option);
  }

  /** What it needs of a model that this one lacks, if anything. */
  Optional<String> lacks(DiffusionModel model) {
    return Optional.empty();
  }

  /** The chain, once every option has a value. */
  abstract ChainPlan table(DiffusionModel model, SamplerOptions options);

  /** Whether it can sample from a model. */
  public final boolean fits(DiffusionModel model) {
    return lacks(model).isEmpty();
  }

  /**
   * The given options, and the sampler's own value of each other one that it takes.
   *
   * @throws InvalidOptionException if the sampler does not fit the model, or an option is given
   *     that it does not take
   */
  public final SamplerOptions resolve(DiffusionModel model, SamplerOptions given) {
    lacks(model)
        .ifPresent(
            lack -> {
              throw new InvalidOptionException(
                  "sampler",
                  "%s needs %s (expected one of: %s)"
                      .formatted(name(), lack, String.join(", ", Samplers.namesFor(model))));
            });
    for (SamplerOption<?> option : given.given()) {
      if (!takes(option, model)) {
        throw new InvalidOptionException(
            option.name(),
            "given for sampler %s (expected: for %s only)"
                .formatted(name(), String.join(", ", takers(option, model))));
      }
    }
    return Visits.complete(given, defaults(model, given));
  }

  /**
   * The chain.
   *
   * @throws InvalidOptionException when the steps do not fit the schedule, or an option does not
   *     fit the sampler or the model
   */
  public final ChainPlan plan(DiffusionModel model, SamplerOptions given) {
    return table(model, resolve(model, given));
  }

  /** The samplers that take an option: of those that fit the model, if there are any. */
  private static List<String> takers(SamplerOption<?> option, DiffusionModel model) {
    List<String> all =
        Samplers.names().stream().filter(name -> Samplers.of(name).takes(option, model)).toList();
    List<String> fitting = all.stream().filter(Samplers.namesFor(model)::contains).toList();
    return fitting.isEmpty() ? all : fitting;
  }
}
