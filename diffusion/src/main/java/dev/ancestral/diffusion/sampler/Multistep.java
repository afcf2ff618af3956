package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.List;

/** What the solvers have in common that read what steps before left. */
final class Multistep {
  /** Steps of a chain when nobody says: they converge fast. */
  private static final int DEFAULT_STEPS = 20;

  /** From so many steps on, last steps of higher order are stable too. */
  private static final int MANY_STEPS = 15;

  private Multistep() {}

  static int defaultSteps(int timesteps) {
    return Math.min(DEFAULT_STEPS, timesteps);
  }

  /** The options that all of them take. */
  static SamplerOptions defaults(DiffusionModel model) {
    return SamplerOptions.ofSteps(defaultSteps(model.schedule().timesteps()))
        .with(SamplerOption.SPACING, TimestepSpacing.TRAILING)
        .with(SamplerOption.STEPS_OFFSET, 0)
        .with(SamplerOption.KARRAS, false)
        .with(SamplerOption.FINAL_LEVEL, FinalLevel.CLEAN);
  }

  /**
   * The solver's order, as asked for.
   *
   * @param most that this solver has
   */
  static int order(SamplerOptions options, int most) {
    int order = options.get(SamplerOption.SOLVER_ORDER);
    if (order > most) {
      throw new InvalidOptionException(
          SamplerOption.SOLVER_ORDER.name(),
          "%d (expected: %s, a whole number)"
              .formatted(order, most == 2 ? "1 or 2" : "1.." + most));
    }
    return order;
  }

  /**
   * The order of step i: as many levels as there are behind it at most; 1 where it arrives at the
   * data, or stays where it is, since λ has no end there, or no distance; and at the last two steps
   * of few, for stability, no more than steps are left, unless told otherwise.
   */
  static int order(int most, List<Visit> visits, int i, boolean lowerOrderFinal) {
    int left = visits.size() - i;
    boolean few = lowerOrderFinal && visits.size() < MANY_STEPS;
    int order = Math.min(most, i + 1);
    return goesNowhere(visits.get(i)) ? 1 : few ? Math.min(order, left) : order;
  }

  /** Whether λ's distance to the next level is infinite there or none. */
  static boolean goesNowhere(Visit visit) {
    return visit.next().sigmaSquared() == 0 || lambda(visit.next()) == lambda(visit.level());
  }

  /** λ = ln(α/σ): infinite at the data, and below all where no signal is left. */
  static double lambda(NoiseLevel level) {
    return -Math.log(level.relativeSigma());
  }

  /** h_i = λ' - λ, from the level of step i to the next one. */
  static double distance(List<Visit> visits, int i) {
    Visit visit = visits.get(i);
    return lambda(visit.next()) - lambda(visit.level());
  }

  /** The chain of these steps. */
  static ChainPlan plan(
      Sampler sampler,
      DiffusionModel model,
      SamplerOptions options,
      List<Visit> visits,
      List<Step> steps) {
    double scale = model.initialScale(visits.get(0).level());
    return new ChainPlan(sampler.name(), scale, options.clipping(), steps);
  }
}
