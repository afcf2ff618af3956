package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import org.junit.jupiter.api.Test;

class ThirdOrderSolverSamplerTest extends SolverContract {
  @Override
  Sampler sampler() {
    return Samplers.of("dpmpp-3m");
  }

  @Override
  int order(Case tried, int steps, int step) {
    return multistepOrder(tried, 3, steps, step);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double h = lambda(tried, plan, step + 1) - lambda(tried, plan, step);
    double e = Math.expm1(-h);
    double estimate = -e * in.x0();
    int order = order(tried, plan.length(), step);
    if (order > 1) {
      double r0 = (lambda(tried, plan, step) - lambda(tried, plan, step - 1)) / h;
      double d10 = (in.x0() - in.h().get(0)) / r0;
      if (order == 2) {
        estimate -= e * d10 / 2;
      } else {
        double r1 = (lambda(tried, plan, step - 1) - lambda(tried, plan, step - 2)) / h;
        double d11 = (in.h().get(0) - in.h().get(1)) / r1;
        double d1 = d10 + r0 / (r0 + r1) * (d10 - d11);
        double d2 = (d10 - d11) / (r0 + r1);
        estimate += (e / h + 1) * d1 - ((e + h) / (h * h) - 0.5) * d2;
      }
    }
    return alpha(tried, plan, step + 1) * (kept(tried, plan, step, in) + estimate);
  }

  @Test
  void fromPureNoise_whatLiesInfinitelyFarBackHasNoPart() {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR.withZeroTerminalSnr(), PredictionType.V),
                SamplerOptions.ofSteps(20));
    for (Step step : plan.steps()) {
      Past past = step.past();
      assertTrue(Double.isFinite(step.b0() + step.bx() + past.h1() + past.h2()), step.toString());
    }
    assertEquals(0, plan.steps().get(1).past().depth());
    assertEquals(1, plan.steps().get(2).past().depth());
    assertEquals(2, plan.steps().get(3).past().depth());
  }

  @Test
  void itsOrderIsInItsName() {
    assertEquals(
        "solver_order: given for sampler dpmpp-3m (expected: for dpmpp-2m, unipc, deis, ipndm only)",
        refusal(
            DiffusionModel.of(LINEAR, PredictionType.EPSILON),
            SamplerOptions.ofSteps(10).with(SamplerOption.SOLVER_ORDER, 3)));
  }
}
