package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How fast the deterministic samplers come to the exact end of the probability flow, where it is
 * known: data N(0, 1), so that the perfect denoiser is D(x, σ) = x/(1 + σ²), from x = 80 at σ = 80.
 */
class ConvergenceTest {
  private static final double EXACT = 0.9999218841540816;
  private static final NoiseSchedule SCHEDULE = SamplerContract.geometric(100, 0.002, 80);

  /** Half a unit of the last digit given. */
  private static final double TOLERANCE = 5e-6;

  @ParameterizedTest
  @CsvSource({
    "euler, 20, 0.87326",
    "euler, 40, 0.93606",
    "euler, 80, 0.96787",
    "dpmpp-2m, 20, 1.03998",
    "dpmpp-2m, 40, 1.00837",
    "dpmpp-2m, 80, 1.00187",
    // From the published formula in Python, in float64.
    "dpmpp-3m, 20, 0.996484",
    "dpmpp-3m, 40, 1.001024",
    "dpmpp-3m, 80, 1.000320",
  })
  void theEnd_isTheGoldenNumber(String sampler, int steps, double golden) {
    assertEquals(golden, end(sampler, steps, SamplerOptions.ofSteps(1)), TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({
    "euler, 1, 0.1",
    "dpmpp-2m, 2, 0.3",
    "deis, 2, 0.3",
    // The paper's weights of even steps on uneven ones.
    "ipndm, 2, 0.3",
    // Of order 2, and corrected.
    "unipc, 3, 0.3",
  })
  void theOrder_isThatOfTheMethod(String sampler, double order, double within) {
    assertEquals(order, order(sampler, SamplerOptions.ofSteps(1)), within);
  }

  @ParameterizedTest
  @CsvSource({
    "dpmpp-2m, 1, 1, 0.1",
    "unipc, 1, 2, 0.3",
    "unipc, 3, 4, 0.5",
    "deis, 1, 1, 0.1",
    "deis, 3, 3, 0.3",
    "ipndm, 1, 1, 0.1",
  })
  void theOrder_isTheOneAskedFor_andOneMoreWhereStatesAreCorrected(
      String sampler, int asked, double order, double within) {
    assertEquals(
        order,
        order(sampler, SamplerOptions.ofSteps(1).with(SamplerOption.SOLVER_ORDER, asked)),
        within);
  }

  private static double order(String sampler, SamplerOptions options) {
    double coarse = Math.abs(end(sampler, 40, options) - EXACT);
    double fine = Math.abs(end(sampler, 80, options) - EXACT);
    return Math.log(coarse / fine) / Math.log(2);
  }

  private static double end(String sampler, int steps, SamplerOptions options) {
    ChainPlan plan =
        Samplers.of(sampler)
            .plan(
                DiffusionModel.of(SCHEDULE, PredictionType.SAMPLE),
                SamplerOptions.ofSteps(steps)
                    .withClipping(Clipping.NONE)
                    .with(SamplerOption.KARRAS, true)
                    .over(options));
    DoubleChain chain = new DoubleChain(plan, plan.initialScale());
    for (int i = 0; i < steps; i++) {
      double ramp = (double) i / (steps - 1);
      double sigma =
          Math.pow(
              Math.pow(80, 1 / 7.0) + ramp * (Math.pow(0.002, 1 / 7.0) - Math.pow(80, 1 / 7.0)), 7);
      chain.take(plan.steps().get(i), chain.state() / (1 + sigma * sigma));
    }
    return chain.state();
  }
}
