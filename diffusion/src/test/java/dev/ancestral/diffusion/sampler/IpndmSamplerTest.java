package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.PredictionType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpndmSamplerTest extends SolverContract {
  @Override
  Sampler sampler() {
    return Samplers.of("ipndm");
  }

  @Override
  List<Integer> orders() {
    return List.of(1, 2, 3, 4);
  }

  @Override
  int order(Case tried, int steps, int step) {
    return Math.min(tried.options().find(SamplerOption.SOLVER_ORDER).orElseThrow(), step + 1);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double sigma = sigma(tried, plan, step);
    double alpha = alpha(tried, plan, step);
    List<Double> e = new ArrayList<>(List.of((in.x() - alpha * in.x0()) / (alpha * sigma)));
    e.addAll(in.h());
    double noise =
        switch (order(tried, plan.length(), step)) {
          case 1 -> e.get(0);
          case 2 -> (3 * e.get(0) - e.get(1)) / 2;
          case 3 -> (23 * e.get(0) - 16 * e.get(1) + 5 * e.get(2)) / 12;
          default -> (55 * e.get(0) - 59 * e.get(1) + 37 * e.get(2) - 9 * e.get(3)) / 24;
        };
    double next = sigma(tried, plan, step + 1);
    return alpha(tried, plan, step + 1) * (in.x() / alpha + (next - sigma) * noise);
  }

  /**
   * By a chain that remembers its noises as lists, in float64 in Python; of published programs none
   * takes these steps on a trained schedule.
   */
  @ParameterizedTest
  @CsvSource({
    "epsilon, 10, 4, false, 194.99309077758912",
    "epsilon, 10, 4, true, 194.99309077758912",
    "v_prediction, 10, 4, false, 83.34426218281588",
    "v_prediction, 13, 3, true, 82.3202035676397",
    "sample, 8, 2, false, 721.211115817859",
    "epsilon, 20, 1, true, 182.8212847682023",
  })
  void theNetworkFreeChain_sumsToTheGoldenNumber(
      String prediction, int steps, int order, boolean clip, double golden) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.of(prediction)),
                SamplerOptions.ofSteps(steps)
                    .withClipping(clip ? ClipRange.UNIT : Clipping.NONE)
                    .with(SamplerOption.SOLVER_ORDER, order));
    assertEquals(golden, NetworkFreeChain.sumInDouble(plan), 1e-9 * golden);
    assertEquals(golden, NetworkFreeChain.sumInFloat(plan), 5e-5 * golden);
  }
}
