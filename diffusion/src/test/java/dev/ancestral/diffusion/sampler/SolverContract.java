package dev.ancestral.diffusion.sampler;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * What the multistep solvers are tried on, and the words of their papers: the levels of a chain,
 * and the orders of its steps. The reference works with x/α, where the noise has the deviation σ/α
 * (Karras et al. 2022).
 */
abstract class SolverContract extends SamplerContract {
  /** Gauss and Legendre's five points in -1..1. */
  private static final double[] POINTS = {
    0, 0.5384693101056831, -0.5384693101056831, 0.9061798459386640, -0.9061798459386640
  };

  private static final double[] POINT_WEIGHTS = {
    0.5688888888888889,
    0.4786286704993665,
    0.4786286704993665,
    0.2369268850561891,
    0.2369268850561891
  };

  private static final int PANELS = 40;

  @Override
  Stream<Case> cases() {
    return Stream.of(PredictionType.EPSILON, PredictionType.SAMPLE, PredictionType.V)
        .flatMap(
            prediction ->
                Stream.of(4, 15)
                    .map(
                        steps ->
                            new Case(
                                DiffusionModel.of(LINEAR, prediction),
                                SamplerOptions.ofSteps(steps))))
        .flatMap(
            tried ->
                Stream.of(FinalLevel.values())
                    .map(end -> with(tried, SamplerOption.FINAL_LEVEL, end)))
        .flatMap(tried -> each(tried, SamplerOption.LOWER_ORDER_FINAL, List.of(true, false)))
        .flatMap(tried -> each(tried, SamplerOption.SOLVER_ORDER, orders()))
        .flatMap(
            tried ->
                Stream.of(
                    tried,
                    with(tried, SamplerOption.KARRAS, true),
                    with(
                        with(tried, SamplerOption.SPACING, TimestepSpacing.LEADING),
                        SamplerOption.STEPS_OFFSET,
                        1),
                    new Case(
                        DiffusionModel.of(EXPLODING, PredictionType.SCORE),
                        tried.options().withClipping(Clipping.NONE))));
  }

  /** The orders to try. */
  List<Integer> orders() {
    return List.of(1, 2);
  }

  private <T> Stream<Case> each(Case tried, SamplerOption<T> option, List<T> values) {
    return sampler().takes(option, tried.model())
        ? values.stream().map(value -> with(tried, option, value))
        : Stream.of(tried);
  }

  static <T> Case with(Case tried, SamplerOption<T> option, T value) {
    return new Case(tried.model(), tried.options().with(option, value));
  }

  /** The order of a step, by the words of who published the solver. */
  abstract int order(Case tried, int steps, int step);

  /** That of DPM-Solver++ and DEIS in diffusers. */
  static int multistepOrder(Case tried, int most, int steps, int step) {
    int order = Math.min(tried.options().find(SamplerOption.SOLVER_ORDER).orElse(most), step + 1);
    boolean lower = tried.options().find(SamplerOption.LOWER_ORDER_FINAL).orElse(true);
    if (step == steps - 1 && endsAtTheData(tried)) {
      return 1;
    }
    return lower && steps < 15 ? Math.min(order, steps - step) : order;
  }

  static boolean endsAtTheData(Case tried) {
    return tried.options().find(SamplerOption.FINAL_LEVEL).orElseThrow() == FinalLevel.CLEAN;
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    NoiseSchedule schedule = tried.model().schedule();
    boolean preserving = schedule.isVariancePreserving();
    if (tried.options().find(SamplerOption.KARRAS).orElse(false)) {
      double sigma = Reference.karrasSigma(schedule, step, plan.length());
      return preserving ? 1 / (1 + sigma * sigma) : sigma;
    }
    int t = (int) plan.steps().get(step).timestep();
    return preserving ? Reference.alphaBar(schedule, t) : schedule.sigma(t);
  }

  @Override
  double x0(Case tried, ChainPlan plan, int step, double x, double m) {
    double level = level(tried, plan, step);
    PredictionType prediction = tried.model().prediction();
    return tried.model().schedule().isVariancePreserving()
        ? Reference.x0OfAlphaBar(prediction, level, x, m)
        : Reference.x0(prediction, level, x, m);
  }

  /** σ/α at a step; after the last one, at the chain's end. */
  double sigma(Case tried, ChainPlan plan, int step) {
    NoiseSchedule schedule = tried.model().schedule();
    if (step == plan.length()) {
      return endsAtTheData(tried) ? 0 : schedule.sigma(0) / schedule.alpha(0);
    }
    double level = level(tried, plan, step);
    return schedule.isVariancePreserving() ? Math.sqrt((1 - level) / level) : level;
  }

  /** λ at a step. */
  double lambda(Case tried, ChainPlan plan, int step) {
    return -Math.log(sigma(tried, plan, step));
  }

  /** α at a step. */
  double alpha(Case tried, ChainPlan plan, int step) {
    boolean unscaled =
        !tried.model().schedule().isVariancePreserving()
            || (step == plan.length()
                && tried.options().find(SamplerOption.FINAL_LEVEL).orElseThrow()
                    == FinalLevel.FIRST_SIGMA);
    double sigma = sigma(tried, plan, step);
    return unscaled ? 1 : 1 / Math.sqrt(1 + sigma * sigma);
  }

  /** What is left of x/α after a step of whose estimate nothing is known. */
  double kept(Case tried, ChainPlan plan, int step, Inputs in) {
    double ratio = sigma(tried, plan, step + 1) / sigma(tried, plan, step);
    return ratio * in.x() / alpha(tried, plan, step);
  }

  /** The integral of a smooth function. */
  static double integral(double from, double to, DoubleUnaryOperator of) {
    double sum = 0;
    double half = (to - from) / PANELS / 2;
    for (int panel = 0; panel < PANELS; panel++) {
      double middle = from + (2 * panel + 1) * half;
      for (int i = 0; i < POINTS.length; i++) {
        sum += POINT_WEIGHTS[i] * of.applyAsDouble(middle + half * POINTS[i]);
      }
    }
    return sum * half;
  }

  /** Lagrange's polynomial that is 1 at one node and 0 at the others. */
  static double lagrange(List<Double> nodes, int of, double at) {
    double product = 1;
    for (int k = 0; k < nodes.size(); k++) {
      if (k != of) {
        product *= (at - nodes.get(k)) / (nodes.get(of) - nodes.get(k));
      }
    }
    return product;
  }
}
