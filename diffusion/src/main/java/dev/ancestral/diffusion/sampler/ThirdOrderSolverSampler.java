package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.NoiseLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * DPM-Solver++(3M) (Lu et al. 2022, appendix B; as diffusers has it), the multistep solver that
 * reads three estimates.
 *
 * <p>With h, E and D as in {@link DpmSolverSampler}, and h_0 and h_1 the distances of the two steps
 * before:
 *
 * <pre>
 * A  = h/h_0·(D - D_1)      B = h/h_1·(D_1 - D_2)
 * D' = A + h_0/(h_0 + h_1)·(A - B)      D'' = h/(h_0 + h_1)·(A - B)
 * x' = σ'/σ·x - α'E·D + α'(E/h + 1)·D' - α'((E + h)/h² - 1/2)·D''
 * </pre>
 *
 * <p>D'' is half the second derivative that the weight beside it is meant for: so it was published,
 * and so everybody runs it. It converges with the second order, from a smaller error than 2M's.
 *
 * <p>The first step is of first order and the second of second, and so are, from its end, the last
 * two of a chain of fewer than 15, for stability, unless told otherwise. A step that arrives at the
 * data is of first order.
 */
final class ThirdOrderSolverSampler extends Sampler {
  private static final int ORDER = 3;

  @Override
  public String name() {
    return "dpmpp-3m";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Multistep.defaultSteps(timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return Multistep.defaults(model).with(SamplerOption.LOWER_ORDER_FINAL, true);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    List<Visit> visits = Visits.ofSolver(model, options);
    boolean lowerOrderFinal = options.get(SamplerOption.LOWER_ORDER_FINAL);
    List<Step> steps = new ArrayList<>(visits.size());
    for (int i = 0; i < visits.size(); i++) {
      int order = Multistep.order(ORDER, visits, i, lowerOrderFinal);
      steps.add(
          order == ORDER ? step(model, visits, i) : DpmSolverSampler.step(model, visits, i, order));
    }
    return Multistep.plan(this, model, options, visits, steps);
  }

  private static Step step(DiffusionModel model, List<Visit> visits, int i) {
    Visit visit = visits.get(i);
    NoiseLevel next = visit.next();
    double h = Multistep.distance(visits, i);
    double h0 = Multistep.distance(visits, i - 1);
    double h1 = Multistep.distance(visits, i - 2);
    double e = Math.expm1(-h);
    double ofFirst = next.alpha() * (e / h + 1);
    double ofSecond = -next.alpha() * ((e + h) / (h * h) - 0.5);
    // Where no signal is left, h1 is infinite and the oldest estimate has no part in it.
    double curvature = ofFirst * (h0 / (h0 + h1)) + ofSecond * (h / (h0 + h1));
    double ofA = ofFirst + curvature;
    double ofB = -curvature;
    double a = h / h0;
    double b = h / h1;
    return visit
        .estimate(model.prediction())
        .plusX0(-next.alpha() * e + ofA * a)
        .plusState(next.sigma() / visit.level().sigma())
        .plusPast(new Past(ofB * b - ofA * a, -ofB * b, 0));
  }
}
