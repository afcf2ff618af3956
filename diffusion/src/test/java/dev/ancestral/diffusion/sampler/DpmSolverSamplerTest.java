package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpmSolverSamplerTest extends SamplerContract {
  private static final SamplerOptions LINSPACE =
      SamplerOptions.ofSteps(10)
          .withClipping(Clipping.NONE)
          .with(SamplerOption.SPACING, TimestepSpacing.LINSPACE);

  @Override
  Sampler sampler() {
    return Samplers.of("dpmpp-2m");
  }

  @Override
  Stream<Case> cases() {
    return Stream.of(PredictionType.EPSILON, PredictionType.SAMPLE, PredictionType.V)
        .flatMap(
            prediction ->
                Stream.of(10, 15)
                    .flatMap(
                        steps ->
                            Stream.of(FinalLevel.values())
                                .flatMap(
                                    end ->
                                        Stream.of(true, false)
                                            .map(
                                                lower ->
                                                    new Case(
                                                        DiffusionModel.of(LINEAR, prediction),
                                                        SamplerOptions.ofSteps(steps)
                                                            .with(SamplerOption.FINAL_LEVEL, end)
                                                            .with(
                                                                SamplerOption.LOWER_ORDER_FINAL,
                                                                lower))))))
        .flatMap(
            tried ->
                Stream.of(
                    tried,
                    new Case(tried.model(), tried.options().with(SamplerOption.KARRAS, true)),
                    new Case(tried.model(), tried.options().with(SamplerOption.SOLVER_ORDER, 1)),
                    new Case(
                        tried.model(),
                        tried
                            .options()
                            .with(SamplerOption.SPACING, TimestepSpacing.LEADING)
                            .with(SamplerOption.STEPS_OFFSET, 1)),
                    new Case(
                        DiffusionModel.of(EXPLODING, PredictionType.SCORE),
                        tried.options().withClipping(Clipping.NONE))));
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

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    NoiseSchedule schedule = tried.model().schedule();
    boolean last = step == plan.length() - 1;
    FinalLevel end = tried.options().find(SamplerOption.FINAL_LEVEL).orElseThrow();
    boolean toData = end == FinalLevel.CLEAN;
    double sigma = relativeSigma(tried, plan, step);
    double next =
        last
            ? toData ? 0 : schedule.sigma(0) / schedule.alpha(0)
            : relativeSigma(tried, plan, step + 1);
    double t = -Math.log(sigma);
    double tNext = -Math.log(next);
    double h = tNext - t;
    boolean lower =
        tried.options().find(SamplerOption.LOWER_ORDER_FINAL).orElseThrow() && plan.length() < 15;
    double d = in.x0();
    boolean single = tried.options().find(SamplerOption.SOLVER_ORDER).orElse(2) == 1;
    if (step > 0 && !single && !(last && (toData || lower))) {
      double r = (t + Math.log(relativeSigma(tried, plan, step - 1))) / h;
      d = (1 + 1 / (2 * r)) * in.x0() - 1 / (2 * r) * in.p();
    }
    // In the coordinate x/α, where the noise has the deviation σ/α (Karras et al. 2022).
    boolean preserving = schedule.isVariancePreserving();
    double alpha = preserving ? 1 / Math.sqrt(1 + sigma * sigma) : 1;
    boolean unscaled = last && end == FinalLevel.FIRST_SIGMA;
    double alphaNext = preserving && !unscaled ? 1 / Math.sqrt(1 + next * next) : 1;
    return alphaNext * (next / sigma * in.x() / alpha - Math.expm1(-h) * d);
  }

  private double relativeSigma(Case tried, ChainPlan plan, int step) {
    double level = level(tried, plan, step);
    return tried.model().schedule().isVariancePreserving() ? Math.sqrt((1 - level) / level) : level;
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
