package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpmSolverSamplerTest extends SolverContract {
  private static final SamplerOptions LINSPACE =
      SamplerOptions.ofSteps(10)
          .withClipping(Clipping.NONE)
          .with(SamplerOption.SPACING, TimestepSpacing.LINSPACE);

  @Override
  Sampler sampler() {
    return Samplers.of("dpmpp-2m");
  }

  @Override
  int order(Case tried, int steps, int step) {
    return multistepOrder(tried, 2, steps, step);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double h = lambda(tried, plan, step + 1) - lambda(tried, plan, step);
    double d = in.x0();
    if (order(tried, plan.length(), step) == 2) {
      double r = (lambda(tried, plan, step) - lambda(tried, plan, step - 1)) / h;
      d = (1 + 1 / (2 * r)) * in.x0() - 1 / (2 * r) * in.p();
    }
    return alpha(tried, plan, step + 1) * (kept(tried, plan, step, in) - Math.expm1(-h) * d);
  }

  @ParameterizedTest
  @CsvSource({
    "epsilon, false, 253.55287900942298, 1e-10",
    "v_prediction, false, 172.87630033502015, 1e-10",
    // Known to three digits behind the point.
    "epsilon, true, 187.553, 5e-4",
    "v_prediction, true, 77.183, 5e-4",
    // The same in float64 from an implementation of the paper's formula in Python.
    "epsilon, true, 187.55308802885875, 1e-10",
    "v_prediction, true, 77.18303335636924, 1e-10",
  })
  void theNetworkFreeChainToTheFirstTimestep_sumsToTheGoldenNumber(
      String prediction, boolean lowerOrderFinal, double golden, double tolerance) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.of(prediction)),
                LINSPACE
                    .with(SamplerOption.FINAL_LEVEL, FinalLevel.FIRST_TIMESTEP)
                    .with(SamplerOption.LOWER_ORDER_FINAL, lowerOrderFinal));
    assertEquals(golden, NetworkFreeChain.sumInDouble(plan), tolerance);
    assertEquals(golden, NetworkFreeChain.sumInFloat(plan), 2e-3);
  }

  @ParameterizedTest
  @CsvSource({
    // The means that diffusers asserts in its own tests.
    "epsilon, 0.3301",
    "v_prediction, 0.2251",
  })
  void theMeanOfTheNetworkFreeChain_isWhatDiffusersAsserts(String prediction, double mean) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.of(prediction)),
                LINSPACE
                    .with(SamplerOption.FINAL_LEVEL, FinalLevel.FIRST_TIMESTEP)
                    .with(SamplerOption.LOWER_ORDER_FINAL, false));
    assertEquals(mean, NetworkFreeChain.sumInFloat(plan) / 768, 1e-3);
  }

  @ParameterizedTest
  @CsvSource({
    "epsilon, 10, true, 226.17479373748264",
    "epsilon, 10, false, 226.18610332539566",
    "epsilon, 20, false, 206.39201584325218",
    "v_prediction, 10, true, 160.66552885620388",
    "v_prediction, 10, false, 160.65749537891912",
    "v_prediction, 20, false, 98.46621070081883",
  })
  void theNetworkFreeChainOnKarrasLevels_sumsToTheGoldenNumber(
      String prediction, int steps, boolean toFirst, double golden) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.of(prediction)),
                SamplerOptions.ofSteps(steps)
                    .withClipping(Clipping.NONE)
                    .with(SamplerOption.KARRAS, true)
                    .with(SamplerOption.LOWER_ORDER_FINAL, !toFirst)
                    .with(
                        SamplerOption.FINAL_LEVEL,
                        toFirst ? FinalLevel.FIRST_TIMESTEP : FinalLevel.CLEAN));
    assertEquals(golden, NetworkFreeChain.sumInDouble(plan), 1e-9);
  }

  @Test
  void karrasLevels_askForWholeTimesteps() {
    ChainPlan plan =
        sampler()
            .plan(
                new DiffusionModel(LINEAR, PredictionType.EPSILON, Variance.FIXED_SMALL, false),
                SamplerOptions.ofSteps(20).with(SamplerOption.KARRAS, true));
    assertArrayEquals(
        new double[] {
          999, 971, 940, 908, 872, 833, 790, 743, 689, 627, 556, 472, 373, 265, 164, 88, 41, 16, 4,
          0
        },
        plan.timesteps());
  }

  @Test
  void itsGrid_isThatOfDiffusers() {
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.EPSILON);
    assertArrayEquals(
        new double[] {999, 899, 799, 699, 599, 500, 400, 300, 200, 100},
        sampler().plan(model, LINSPACE).timesteps());
    assertArrayEquals(
        new double[] {900, 810, 720, 630, 540, 450, 360, 270, 180, 90},
        sampler()
            .plan(model, LINSPACE.with(SamplerOption.SPACING, TimestepSpacing.LEADING))
            .timesteps());
    assertArrayEquals(
        new double[] {999, 899, 799, 699, 599, 499, 399, 299, 199, 99},
        sampler()
            .plan(model, LINSPACE.with(SamplerOption.SPACING, TimestepSpacing.TRAILING))
            .timesteps());
  }

  @Test
  void fromPureNoise_itTakesAFirstStepAllTheSame() {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR.withZeroTerminalSnr(), PredictionType.V),
                SamplerOptions.ofSteps(10));
    for (Step step : plan.steps()) {
      assertTrue(Double.isFinite(step.b0() + step.bx() + step.past().h1()), step.toString());
    }
    assertEquals(-1, plan.steps().get(0).am());
  }

  @Test
  void spacingBesideKarras_isRefused() {
    InvalidOptionException refusal =
        assertThrows(
            InvalidOptionException.class,
            () ->
                sampler()
                    .plan(
                        DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                        LINSPACE.with(SamplerOption.KARRAS, true)));
    assertEquals(
        "spacing: given together with karras (expected: one of the two)", refusal.getMessage());
  }

  @Test
  void karrasLevels_areRefusedWhereTheyDoNotExist() {
    SamplerOptions karras = SamplerOptions.ofSteps(10).with(SamplerOption.KARRAS, true);
    assertEquals(
        "karras: true (expected: false, since the schedule ends without signal)",
        refusal(DiffusionModel.of(LINEAR.withZeroTerminalSnr(), PredictionType.V), karras));
    assertEquals(
        "karras: true (expected: false, since a posterior mean is that of a trained timestep)",
        refusal(DiffusionModel.of(LINEAR, PredictionType.POSTERIOR_MEAN), karras));
  }

  @Test
  void moreStepsThanItsGridHas_areRefused() {
    assertEquals(
        "steps: 1000 (expected: 1..999)",
        refusal(
            DiffusionModel.of(LINEAR, PredictionType.EPSILON),
            SamplerOptions.ofSteps(1000).with(SamplerOption.SPACING, TimestepSpacing.LINSPACE)));
  }
}
