package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DdpmSamplerTest extends SamplerContract {
  @Override
  Sampler sampler() {
    return Samplers.of("ddpm");
  }

  @Override
  Stream<Case> cases() {
    SamplerOptions unclipped = SamplerOptions.ofSteps(200).withClipping(Clipping.NONE);
    Stream<Case> skipping =
        Stream.of(PredictionType.EPSILON, PredictionType.SAMPLE, PredictionType.V)
            .flatMap(
                prediction ->
                    Stream.of(Variance.FIXED_SMALL, Variance.FIXED_LARGE, Variance.LEARNED_RANGE)
                        .flatMap(
                            variance ->
                                Stream.of(TimestepSpacing.values())
                                    .map(
                                        spacing ->
                                            new Case(
                                                new DiffusionModel(
                                                    LINEAR, prediction, variance, false),
                                                SamplerOptions.ofSteps(13)
                                                    .with(SamplerOption.SPACING, spacing)))));
    Stream<Case> others =
        Stream.of(
            new Case(DiffusionModel.of(COSINE, PredictionType.EPSILON), unclipped),
            new Case(
                new DiffusionModel(COSINE, PredictionType.EPSILON, Variance.LEARNED, true),
                unclipped),
            new Case(
                new DiffusionModel(COSINE, PredictionType.POSTERIOR_MEAN, Variance.LEARNED, false),
                unclipped),
            new Case(DiffusionModel.of(COSINE, PredictionType.POSTERIOR_MEAN), unclipped),
            new Case(
                DiffusionModel.of(EXPLODING, PredictionType.SCORE),
                SamplerOptions.ofSteps(11).withClipping(Clipping.NONE)),
            new Case(
                new DiffusionModel(EXPLODING, PredictionType.SAMPLE, Variance.FIXED_LARGE, false),
                SamplerOptions.ofSteps(30)));
    return Stream.concat(skipping, others);
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    NoiseSchedule schedule = tried.model().schedule();
    int t = (int) plan.steps().get(step).timestep();
    return schedule.isVariancePreserving() ? Reference.alphaBar(schedule, t) : schedule.sigma(t);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    boolean last = step == plan.length() - 1;
    double mean;
    double large;
    double small;
    if (tried.model().schedule().isVariancePreserving()) {
      double a = level(tried, plan, step);
      double p = last ? 1 : level(tried, plan, step + 1);
      double beta = 1 - a / p;
      mean =
          Math.sqrt(p) * beta / (1 - a) * in.x0() + Math.sqrt(a / p) * (1 - p) / (1 - a) * in.x();
      large = beta;
      small = beta * (1 - p) / (1 - a);
    } else {
      // Song et al. 2021, appendix F: the ancestral step of a variance-exploding chain.
      double sigma2 = Math.pow(level(tried, plan, step), 2);
      double next2 = last ? 0 : Math.pow(level(tried, plan, step + 1), 2);
      mean = (next2 * in.x() + (sigma2 - next2) * in.x0()) / sigma2;
      large = sigma2 - next2;
      small = next2 * (sigma2 - next2) / sigma2;
    }
    if (tried.model().prediction() == PredictionType.POSTERIOR_MEAN) {
      mean = in.m();
    }
    if (last) {
      return mean;
    }
    double logVariance =
        switch (tried.model().variance()) {
          case FIXED_SMALL -> Math.log(small);
          case FIXED_LARGE -> Math.log(large);
          case LEARNED -> in.v();
          case LEARNED_RANGE -> {
            double f = (in.v() + 1) / 2;
            yield f * Math.log(large) + (1 - f) * Math.log(small);
          }
        };
    return mean + Math.exp(logVariance / 2) * in.z();
  }

  @ParameterizedTest
  @CsvSource({
    "epsilon, 1000, 0.6609351890174571, 1e-11",
    "v_prediction, 1000, 0.11322219500055535, 1e-11",
    // These two are known to seven digits behind the point.
    "epsilon, 10, 2.3674759, 5e-8",
    "v_prediction, 10, 0.1124166, 5e-8",
  })
  void meansOfTheNetworkFreeChain_sumToTheGoldenNumber(
      String prediction, int steps, double golden, double tolerance) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.of(prediction)),
                SamplerOptions.ofSteps(steps).with(SamplerOption.SPACING, TimestepSpacing.LEADING));
    assertEquals(golden, NetworkFreeChain.sumInDouble(plan), tolerance);
    assertEquals(golden, NetworkFreeChain.sumInFloat(plan), 2e-5);
  }

  @Test
  void noiseAtOneTimestep_hasTheGoldenVariances() {
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.EPSILON);
    SamplerOptions all = SamplerOptions.ofSteps(1000);
    Step small = sampler().plan(model, all).steps().get(499);
    Step large =
        sampler()
            .plan(model, all.with(SamplerOption.VARIANCE, Variance.FIXED_LARGE))
            .steps()
            .get(499);
    assertEquals(500, small.timestep());
    assertEquals(0.010051335778909593, small.bz() * small.bz(), 1e-15);
    assertEquals(0.010059959959959959, large.bz() * large.bz(), 1e-15);
  }

  @Test
  void theEndsOfALearnedRange_areTheFixedVariances() {
    DiffusionModel model =
        new DiffusionModel(LINEAR, PredictionType.EPSILON, Variance.LEARNED_RANGE, true);
    SamplerOptions options = SamplerOptions.ofSteps(25);
    List<Step> learned = sampler().plan(model, options).steps();
    List<Step> small =
        sampler().plan(model, options.with(SamplerOption.VARIANCE, Variance.FIXED_SMALL)).steps();
    List<Step> large =
        sampler().plan(model, options.with(SamplerOption.VARIANCE, Variance.FIXED_LARGE)).steps();
    for (int i = 0; i < 24; i++) {
      Step step = learned.get(i);
      assertEquals(small.get(i).bz(), step.bz() * Math.exp(-step.bs()), 1e-14, "v = -1 at " + i);
      assertEquals(large.get(i).bz(), step.bz() * Math.exp(step.bs()), 1e-14, "v = 1 at " + i);
    }
  }

  /** improved-diffusion makes a schedule of its own from the timesteps it keeps. */
  @ParameterizedTest
  @ValueSource(strings = {"ddim25", "10", "10,15,20"})
  void aRespacedChain_isTheChainOfTheRespacedBetas(String text) {
    Respacing respacing = Respacing.of(text);
    int[] kept = respacing.timesteps(1000, respacing.steps());
    double[] betas = new double[kept.length];
    double before = 1;
    for (int i = 0; i < kept.length; i++) {
      double alphaBar = LINEAR.alphaBar(kept[kept.length - 1 - i]);
      betas[i] = 1 - alphaBar / before;
      before = alphaBar;
    }
    SamplerOptions options = SamplerOptions.ofSteps(kept.length);
    List<Step> expected =
        sampler()
            .plan(DiffusionModel.of(NoiseSchedule.ofBetas(betas), PredictionType.EPSILON), options)
            .steps();
    List<Step> actual =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                options.with(SamplerOption.SPACING, respacing))
            .steps();
    for (int i = 0; i < kept.length; i++) {
      assertEquals(kept[i], actual.get(i).timestep());
      assertEquals(expected.get(i).am(), actual.get(i).am(), 1e-10, "am at " + i);
      assertEquals(expected.get(i).b0(), actual.get(i).b0(), 1e-12, "b0 at " + i);
      assertEquals(expected.get(i).bx(), actual.get(i).bx(), 1e-12, "bx at " + i);
      assertEquals(expected.get(i).bz(), actual.get(i).bz(), 1e-12, "bz at " + i);
    }
  }

  @Test
  void aVarianceThatTheNetworkDidNotLearn_isRefused() {
    SamplerOptions learned =
        SamplerOptions.ofSteps(25).with(SamplerOption.VARIANCE, Variance.LEARNED_RANGE);
    assertEquals(
        "variance: learned_range (expected: fixed_small or fixed_large, since the network did not learn it)",
        refusal(DiffusionModel.of(LINEAR, PredictionType.EPSILON), learned));
    assertEquals(
        "variance: learned_range (expected: learned, fixed_small or fixed_large, since the network did not learn it)",
        refusal(
            new DiffusionModel(LINEAR, PredictionType.EPSILON, Variance.LEARNED, true), learned));
  }

  @Test
  void skippingTimesteps_isRefusedWhereTheNetworkSpeaksOfTheNextOne() {
    SamplerOptions options = SamplerOptions.ofSteps(25);
    assertEquals(
        "steps: 25 (expected: 1000, since the network predicts the variance of the very next timestep)",
        refusal(
            new DiffusionModel(LINEAR, PredictionType.EPSILON, Variance.LEARNED, true), options));
    assertEquals(
        "steps: 25 (expected: 1000, since the network predicts the mean of the very next timestep)",
        refusal(DiffusionModel.of(LINEAR, PredictionType.POSTERIOR_MEAN), options));
  }

  @Test
  void aFixedVarianceInPlaceOfALearnedOne_readsNoVariance() {
    ChainPlan plan =
        sampler()
            .plan(
                new DiffusionModel(LINEAR, PredictionType.EPSILON, Variance.LEARNED, true),
                SamplerOptions.ofSteps(25).with(SamplerOption.VARIANCE, Variance.FIXED_LARGE));
    assertEquals(false, plan.usesVariance());
  }

  @Test
  void fixedLargeLog_isRefusedByName() {
    String message =
        String.valueOf(
            assertThrows(
                    IllegalArgumentException.class,
                    () -> SamplerOptions.ofSteps(1).read(SamplerOption.VARIANCE, "fixed_large_log"))
                .getMessage());
    assertEquals(
        "variance_type: fixed_large_log (expected: fixed_large; diffusers takes a standard deviation"
            + " for a logarithm there, which gives NaN)",
        message);
  }

  @Test
  void withoutSignalAtTheEnd_aNetworkThatPredictsTheNoiseIsRefused() {
    NoiseSchedule zero = LINEAR.withZeroTerminalSnr();
    for (PredictionType type :
        Arrays.asList(
            PredictionType.EPSILON, PredictionType.SCORE, PredictionType.POSTERIOR_MEAN)) {
      String message =
          String.valueOf(
              assertThrows(IllegalArgumentException.class, () -> DiffusionModel.of(zero, type))
                  .getMessage());
      assertEquals(
          "prediction_type: "
              + type.label()
              + " (expected: v_prediction or sample, since no signal is left at timestep 999)",
          message);
    }
    ChainPlan plan =
        sampler().plan(DiffusionModel.of(zero, PredictionType.V), SamplerOptions.ofSteps(25));
    // From pure noise the next state is drawn by the estimate of x0 alone.
    assertEquals(0, plan.steps().get(0).ax(), 0);
    assertEquals(-1, plan.steps().get(0).am(), 0);
    assertEquals(0, plan.steps().get(0).bx(), 0);
  }
}
