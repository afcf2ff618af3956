package dev.ancestral.diffusion.sampler;

import java.util.ArrayList;
import java.util.List;

/**
 * DEIS (Zhang and Chen 2023, eq. 15) in log ρ, ρ = σ/α, as diffusers has it: the noise of the last
 * p levels is interpolated by a polynomial in log ρ, and integrated over ρ from here to the next
 * level.
 *
 * <pre>
 * x'/α' = x/α + Σ_{k=0..p-1} ∫_ρ^ρ' L_k(log ρ) dρ · ε_k
 * </pre>
 *
 * <p>Orders are lower where {@link Multistep} says so, and where a level is without signal, so that
 * its ρ is infinite. At order 1 this is DDIM without noise.
 */
final class DeisSampler extends Sampler {
  private static final int MOST_ORDER = 3;
  private static final int DEFAULT_ORDER = 2;

  @Override
  public String name() {
    return "deis";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Multistep.defaultSteps(timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return Multistep.defaults(model)
        .with(SamplerOption.SOLVER_ORDER, DEFAULT_ORDER)
        .with(SamplerOption.LOWER_ORDER_FINAL, true);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    List<Visit> visits = Visits.ofSolver(model, options);
    int most = Multistep.order(options, MOST_ORDER);
    boolean lowerOrderFinal = options.get(SamplerOption.LOWER_ORDER_FINAL);
    List<Step> steps = new ArrayList<>(visits.size());
    for (int i = 0; i < visits.size(); i++) {
      int order = Multistep.order(most, visits, i, lowerOrderFinal);
      while (order > 1 && visits.get(i - order + 1).level().alphaSquared() == 0) {
        order--;
      }
      steps.add(NoiseHistory.step(visits.get(i), model.prediction(), weights(visits, i, order)));
    }
    return Multistep.plan(this, model, options, visits, steps);
  }

  /** α' times the integral of each polynomial but the first; all of them together give ρ' - ρ. */
  private static double[] weights(List<Visit> visits, int i, int order) {
    if (order == 1) {
      return new double[0];
    }
    Visit visit = visits.get(i);
    double from = visit.level().relativeSigma();
    double to = visit.next().relativeSigma();
    double[] nodes = new double[order];
    for (int k = 0; k < order; k++) {
      nodes[k] = Math.log(visits.get(i - k).level().relativeSigma());
    }
    double[] weights = new double[order - 1];
    for (int k = 1; k < order; k++) {
      double integral =
          order == 2
              ? linear(from, to, nodes[k], nodes[0])
              : quadratic(from, to, nodes[k], nodes[0], nodes[3 - k]);
      weights[k - 1] = visit.next().alpha() * integral;
    }
    return weights;
  }

  /** ∫ (log ρ - c)/(b - c) dρ. */
  private static double linear(double from, double to, double b, double c) {
    return (linear(to, c) - linear(from, c)) / (b - c);
  }

  private static double linear(double rho, double c) {
    return rho * (Math.log(rho) - 1 - c);
  }

  /** ∫ (log ρ - c)(log ρ - d)/((b - c)(b - d)) dρ. */
  private static double quadratic(double from, double to, double b, double c, double d) {
    return (quadratic(to, c, d) - quadratic(from, c, d)) / ((b - c) * (b - d));
  }

  private static double quadratic(double rho, double c, double d) {
    double log = Math.log(rho);
    return rho * (log * log - (c + d + 2) * (log - 1) + c * d);
  }
}
