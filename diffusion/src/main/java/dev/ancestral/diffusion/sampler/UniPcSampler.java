package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.LinearEquations;
import dev.ancestral.diffusion.NoiseLevel;
import java.util.ArrayList;
import java.util.List;

/**
 * UniPC (Zhao et al. 2023, algorithms 5 and 6, with estimates of x0): a multistep predictor and,
 * once the network has seen the predicted state, a corrector without a further call of it.
 *
 * <p>With λ = ln(α/σ), h = λ' - λ, E = e^{-h} - 1, B = E (bh2) or -h (bh1), D the estimates of x0
 * and r_k = (λ_k - λ)/h of those before, the predictor of order p and the corrector are
 *
 * <pre>
 * x' = σ'/σ·x - α'E·D - α'B·Σ_{k=1..p-1} ρ_k·(D_k - D)/r_k
 * xc = x' - α'B·Σ_{k=1..p-1} (ρc_k - ρ_k)·(D_k - D)/r_k - α'B·ρc_p·(D' - D)
 * </pre>
 *
 * with D' the estimate at x'. The next step starts from xc, which is a linear form of x', D' and
 * the estimates before it: so a step here is the correction of the state that it finds and then the
 * prediction, both at once, and no state has to be remembered. The ρ solve the Vandermonde systems
 * of {@link #weights}.
 *
 * <p>Orders rise from 1 at the start, and fall to 1 at the end unless told otherwise; a step that
 * arrives at the data is of first order. What lies infinitely far back, where no signal is left, is
 * not read.
 */
final class UniPcSampler extends Sampler {
  private static final int MOST_ORDER = 3;
  private static final int DEFAULT_ORDER = 2;

  @Override
  public String name() {
    return "unipc";
  }

  @Override
  public int defaultSteps(int timesteps) {
    return Multistep.defaultSteps(timesteps);
  }

  @Override
  public SamplerOptions defaults(DiffusionModel model) {
    return Multistep.defaults(model)
        .with(SamplerOption.SOLVER_ORDER, DEFAULT_ORDER)
        .with(SamplerOption.SOLVER_TYPE, SolverType.BH2)
        .with(SamplerOption.LOWER_ORDER_FINAL, true);
  }

  @Override
  ChainPlan table(DiffusionModel model, SamplerOptions options) {
    List<Visit> visits = Visits.ofSolver(model, options);
    SolverType type = options.get(SamplerOption.SOLVER_TYPE);
    if (type == SolverType.BH1 && visits.get(0).level().alphaSquared() == 0) {
      throw new InvalidOptionException(
          SamplerOption.SOLVER_TYPE.name(),
          "bh1 (expected: bh2, since the chain starts without signal, where h is infinite)");
    }
    int most = Multistep.order(options, MOST_ORDER);
    boolean lowerOrderFinal = options.get(SamplerOption.LOWER_ORDER_FINAL);
    List<Step> steps = new ArrayList<>(visits.size());
    // What the prediction of this step's state gave to each estimate; the first is not corrected.
    double[] predicted = {};
    double[] corrected = {};
    for (int i = 0; i < visits.size(); i++) {
      Visit visit = visits.get(i);
      int order = order(most, visits, i, lowerOrderFinal);
      double ofState = visit.next().sigma() / visit.level().sigma();
      double[] factors = new double[Past.MOST + 1];
      for (int k = 0; k < corrected.length; k++) {
        factors[k] = ofState * (corrected[k] - (k == 0 ? 0 : predicted[k - 1]));
      }
      predicted = predictor(visits, i, order, type);
      corrected = corrector(visits, i, order, type);
      for (int k = 0; k < predicted.length; k++) {
        factors[k] += predicted[k];
      }
      steps.add(
          visit
              .estimate(model.prediction())
              .plusX0(factors[0])
              .plusState(ofState)
              .plusPast(new Past(factors[1], factors[2], factors[3])));
    }
    return Multistep.plan(this, model, options, visits, steps);
  }

  private static int order(int most, List<Visit> visits, int i, boolean lowerOrderFinal) {
    if (Multistep.goesNowhere(visits.get(i))) {
      return 1;
    }
    int order = lowerOrderFinal ? Math.min(most, visits.size() - i) : most;
    int behind = 1;
    while (behind < order && behind <= i && hasSignal(visits.get(i - behind))) {
      behind++;
    }
    return Math.min(order, behind);
  }

  private static boolean hasSignal(Visit visit) {
    return visit.level().alphaSquared() > 0;
  }

  /** Of the next state: the factors of this step's estimate and of those before it. */
  private static double[] predictor(List<Visit> visits, int i, int order, SolverType type) {
    NoiseLevel next = visits.get(i).next();
    double h = Multistep.distance(visits, i);
    double[] factors = new double[order];
    factors[0] = -next.alpha() * Math.expm1(-h);
    if (order > 1) {
      double[] r = ratios(visits, i, order);
      double[] weights = order == 2 ? new double[] {0.5} : weights(type, h, r, order - 1);
      double b = next.alpha() * type.scale(h);
      for (int k = 1; k < order; k++) {
        factors[k] -= b * weights[k - 1] / r[k - 1];
        factors[0] += b * weights[k - 1] / r[k - 1];
      }
    }
    return factors;
  }

  /**
   * Of the corrected next state beside {@code σ'/σ·x}: the factors of the estimate at the next
   * state, of this step's, and of those before it.
   */
  private static double[] corrector(List<Visit> visits, int i, int order, SolverType type) {
    NoiseLevel next = visits.get(i).next();
    double h = Multistep.distance(visits, i);
    double[] factors = new double[order + 1];
    factors[1] = -next.alpha() * Math.expm1(-h);
    if (Multistep.goesNowhere(visits.get(i))) {
      // The last step: nobody corrects its state.
      return factors;
    }
    double[] r = ratios(visits, i, order);
    double[] weights = order == 1 ? new double[] {0.5} : weights(type, h, r, order);
    double b = next.alpha() * type.scale(h);
    for (int k = 1; k < order; k++) {
      factors[k + 1] -= b * weights[k - 1] / r[k - 1];
      factors[1] += b * weights[k - 1] / r[k - 1];
    }
    factors[0] -= b * weights[order - 1];
    factors[1] += b * weights[order - 1];
    return factors;
  }

  /** r_1 to r_{p-1}, and 1 for the next level itself. */
  private static double[] ratios(List<Visit> visits, int i, int order) {
    double here = Multistep.lambda(visits.get(i).level());
    double h = Multistep.distance(visits, i);
    double[] r = new double[order];
    for (int k = 1; k < order; k++) {
      r[k - 1] = (Multistep.lambda(visits.get(i - k).level()) - here) / h;
    }
    r[order - 1] = 1;
    return r;
  }

  /**
   * ρ of the first {@code count} ratios: Σ_k ρ_k·r_k^{n-1} = n!·φ_{n+1}(-h)·(-h)/B for n = 1 to
   * count.
   */
  private static double[] weights(SolverType type, double h, double[] r, int count) {
    double[][] rows = new double[count][count + 1];
    double phi = Math.expm1(-h) / -h - 1;
    double factorial = 1;
    for (int n = 1; n <= count; n++) {
      for (int k = 0; k < count; k++) {
        rows[n - 1][k] = Math.pow(r[k], n - 1);
      }
      rows[n - 1][count] = phi * factorial / type.scale(h);
      factorial *= n + 1;
      phi = phi / -h - 1 / factorial;
    }
    return LinearEquations.solve(rows);
  }
}
