package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The reference is an exponential integrator: the estimates at the nodes are interpolated by a
 * polynomial in λ and integrated by quadrature, which is what the paper's linear systems come to
 * whatever B(h) is; where the paper takes 1/2 in place of such a system, so does the reference.
 */
class UniPcSamplerTest extends SolverContract {
  @Override
  Sampler sampler() {
    return Samplers.of("unipc");
  }

  @Override
  List<Integer> orders() {
    return List.of(1, 2, 3);
  }

  @Override
  Stream<Case> cases() {
    return super.cases()
        .flatMap(
            tried ->
                tried.options().steps() > 4
                    ? Stream.of(tried)
                    : Stream.of(tried, with(tried, SamplerOption.SOLVER_TYPE, SolverType.BH1)));
  }

  @Override
  int order(Case tried, int steps, int step) {
    int order = tried.options().find(SamplerOption.SOLVER_ORDER).orElseThrow();
    boolean lower = tried.options().find(SamplerOption.LOWER_ORDER_FINAL).orElseThrow();
    boolean atTheData = step == steps - 1 && endsAtTheData(tried);
    int most = atTheData ? 1 : lower ? Math.min(order, steps - step) : order;
    return Math.min(most, step + 1);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double scaled = in.x() / alpha(tried, plan, step);
    if (step > 0) {
      // What the prediction of this state had of the estimates, and what its correction has.
      List<Double> before = in.h();
      List<Double> all = new ArrayList<>(List.of(in.x0()));
      all.addAll(before);
      scaled += corrected(tried, plan, step - 1, all) - predicted(tried, plan, step - 1, before);
    }
    double ratio = sigma(tried, plan, step + 1) / sigma(tried, plan, step);
    List<Double> estimates = new ArrayList<>(List.of(in.x0()));
    estimates.addAll(in.h());
    return alpha(tried, plan, step + 1)
        * (ratio * scaled + predicted(tried, plan, step, estimates));
  }

  /** What the estimates here and before, the newest first, give of the next x/α. */
  private double predicted(Case tried, ChainPlan plan, int step, List<Double> estimates) {
    double h = lambda(tried, plan, step + 1) - lambda(tried, plan, step);
    int order = order(tried, plan.length(), step);
    double first = estimates.get(0);
    if (order == 1) {
      return -Math.expm1(-h) * first;
    }
    List<Double> nodes = nodes(tried, plan, step, order);
    if (order == 2) {
      double slope = (estimates.get(1) - first) / (nodes.get(1) / h);
      return -Math.expm1(-h) * first - scale(tried, h) * 0.5 * slope;
    }
    return integrated(h, nodes, estimates);
  }

  /** The same with the estimate at the next state, which comes first. */
  private double corrected(Case tried, ChainPlan plan, int step, List<Double> estimates) {
    double h = lambda(tried, plan, step + 1) - lambda(tried, plan, step);
    int order = order(tried, plan.length(), step);
    if (order == 1) {
      double here = estimates.get(1);
      return -Math.expm1(-h) * here - scale(tried, h) * 0.5 * (estimates.get(0) - here);
    }
    List<Double> nodes = new ArrayList<>(List.of(h));
    nodes.addAll(nodes(tried, plan, step, order));
    return integrated(h, nodes, estimates);
  }

  /** Where the estimates were made, from here, in λ. */
  private List<Double> nodes(Case tried, ChainPlan plan, int step, int order) {
    List<Double> nodes = new ArrayList<>();
    for (int k = 0; k < order; k++) {
      nodes.add(lambda(tried, plan, step - k) - lambda(tried, plan, step));
    }
    return nodes;
  }

  private static double integrated(double h, List<Double> nodes, List<Double> estimates) {
    double sum = 0;
    for (int k = 0; k < nodes.size(); k++) {
      int node = k;
      sum += estimates.get(k) * integral(0, h, s -> Math.exp(s - h) * lagrange(nodes, node, s));
    }
    return sum;
  }

  private static double scale(Case tried, double h) {
    SolverType type = tried.options().find(SamplerOption.SOLVER_TYPE).orElse(SolverType.BH2);
    return type == SolverType.BH1 ? -h : Math.expm1(-h);
  }

  @Test
  void fromPureNoise_whatLiesInfinitelyFarBackIsNotRead() {
    DiffusionModel model = DiffusionModel.of(LINEAR.withZeroTerminalSnr(), PredictionType.V);
    SamplerOptions options = SamplerOptions.ofSteps(8).with(SamplerOption.SOLVER_ORDER, 3);
    for (Step step : sampler().plan(model, options).steps()) {
      Past past = step.past();
      assertTrue(
          Double.isFinite(step.b0() + step.bx() + past.h1() + past.h2() + past.h3()),
          step.toString());
    }
    assertEquals(
        "solver_type: bh1 (expected: bh2, since the chain starts without signal, where h is infinite)",
        refusal(model, options.with(SamplerOption.SOLVER_TYPE, SolverType.BH1)));
  }

  @Test
  void orderFour_isRefused() {
    assertEquals(
        "solver_order: 4 (expected: 1..3, a whole number)",
        refusal(
            DiffusionModel.of(LINEAR, PredictionType.EPSILON),
            SamplerOptions.ofSteps(10).with(SamplerOption.SOLVER_ORDER, 4)));
  }
}
