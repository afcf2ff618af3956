package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference integrates the polynomials by quadrature. */
class DeisSamplerTest extends SolverContract {
  @Override
  Sampler sampler() {
    return Samplers.of("deis");
  }

  @Override
  List<Integer> orders() {
    return List.of(1, 2, 3);
  }

  @Override
  int order(Case tried, int steps, int step) {
    return multistepOrder(tried, 3, steps, step);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double from = sigma(tried, plan, step);
    double to = sigma(tried, plan, step + 1);
    double alpha = alpha(tried, plan, step);
    List<Double> noise = new ArrayList<>(List.of((in.x() - alpha * in.x0()) / (alpha * from)));
    noise.addAll(in.h());
    List<Double> nodes = new ArrayList<>();
    for (int k = 0; k < order(tried, plan.length(), step); k++) {
      nodes.add(Math.log(sigma(tried, plan, step - k)));
    }
    double next = in.x() / alpha;
    for (int k = 0; k < nodes.size(); k++) {
      int node = k;
      next +=
          nodes.size() == 1
              ? noise.get(k) * (to - from)
              : noise.get(k)
                  * integral(
                      Math.log(from), Math.log(to), u -> Math.exp(u) * lagrange(nodes, node, u));
    }
    return alpha(tried, plan, step + 1) * next;
  }

  @Test
  void fromPureNoise_whatHasAnInfiniteRhoIsNotRead() {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR.withZeroTerminalSnr(), PredictionType.V),
                SamplerOptions.ofSteps(16).with(SamplerOption.SOLVER_ORDER, 3));
    for (Step step : plan.steps()) {
      Past past = step.past();
      Entry leaves = step.leaves();
      assertTrue(
          Double.isFinite(step.b0() + step.bx() + past.h1() + past.h2() + leaves.x() + leaves.x0()),
          step.toString());
    }
    assertEquals(0, plan.steps().get(1).past().depth());
    assertEquals(1, plan.steps().get(2).past().depth());
    assertEquals(2, plan.steps().get(3).past().depth());
  }
}
