package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++(2M) (Lu et al. 2022, algorithm 2), the multistep solver of second order.
 *
 * <p>With λ = ln(α/σ), h = λ' - λ to the next level, r = h_before/h, E = e^{-h} - 1 and D the
 * estimates of x0:
 *
 * <pre>
 * x' = σ'/σ·x - α'E·((1 + 1/(2r))·D - 1/(2r)·D_before)
 * </pre>
 *
 * <p>The correction is left out at the first step, where there is no estimate before; at the last
 * one where it arrives at the data, since h is infinite then; and at the last one of a chain of
 * fewer than 15 steps, for stability, unless told otherwise. Without it in every step, at solver
 * order 1, this is DDIM without noise.
 */
final class DpmSolverSampler extends Sampler {
  static final int MOST_ORDER = 2;

  @Override
  public String name() {
    return "dpmpp-2m";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Multistep.defaultSteps(timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return Multistep.defaults(model)
        .with(SamplerOption.SOLVER_ORDER, MOST_ORDER)
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
      steps.add(step(model, visits, i, order));
    }
    return Multistep.plan(this, model, options, visits, steps);
  }

  /** Step i, at order 1 or 2. */
  static Step step(DiffusionModel model, List<Visit> visits, int i, int order) {
    Visit visit = visits.get(i);
    NoiseLevel next = visit.next();
    double h = Multistep.distance(visits, i);
    double e = Math.expm1(-h);
    double correction = order == 1 ? 0 : h / Multistep.distance(visits, i - 1) / 2;
    return visit
        .estimate(model.prediction())
        .plusX0(-next.alpha() * e * (1 + correction))
        .plusState(next.sigma() / visit.level().sigma())
        .plusPrevious(next.alpha() * e * correction);
  }
}
