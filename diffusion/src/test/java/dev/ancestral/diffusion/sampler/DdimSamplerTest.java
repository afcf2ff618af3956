package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DdimSamplerTest extends SamplerContract {
  @Test
  void byStride_aStepArrivesOneStrideLower_whereverTheNextOneStarts() {
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.SAMPLE);
    ChainPlan plan =
        sampler()
            .plan(
                model,
                SamplerOptions.ofSteps(3)
                    .with(SamplerOption.SPACING, TimestepSpacing.LINSPACE)
                    .with(SamplerOption.BY_STRIDE, true));
    assertArrayEquals(new double[] {999, 500, 0}, plan.timesteps());
    double[] arrivals = {LINEAR.sigma(999 - 333), LINEAR.sigma(500 - 333), 0};
    for (int i = 0; i < 3; i++) {
      int from = (int) plan.timesteps()[i];
      assertEquals(arrivals[i] / LINEAR.sigma(from), plan.steps().get(i).bx(), 1e-12, "bx at " + i);
    }
  }

  @Test
  void anOffset_movesTheTimestepsOfLeadingSpacing_andNoOthers() {
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.EPSILON);
    SamplerOptions offset = SamplerOptions.ofSteps(4).with(SamplerOption.STEPS_OFFSET, 1);
    assertArrayEquals(
        new double[] {751, 501, 251, 1},
        sampler()
            .plan(model, offset.with(SamplerOption.SPACING, TimestepSpacing.LEADING))
            .timesteps());
    assertEquals("steps_offset: 1 (expected: 0, or leading spacing)", refusal(model, offset));
    assertEquals(
        "steps_offset: 250 (expected: 0..249, as the first of 4 steps is timestep 750 of 1000)",
        refusal(
            model,
            offset
                .with(SamplerOption.STEPS_OFFSET, 250)
                .with(SamplerOption.SPACING, TimestepSpacing.LEADING)));
  }

  @Override
  Sampler sampler() {
    return Samplers.of("ddim");
  }

  @Override
  Stream<Case> cases() {
    return Stream.of(PredictionType.values())
        .flatMap(
            prediction ->
                Stream.of(true, false)
                    .flatMap(
                        rederive ->
                            Stream.of(0.0, 0.6, 1.0)
                                .map(
                                    eta ->
                                        new Case(
                                            DiffusionModel.of(COSINE, prediction),
                                            options(rederive, eta, FinalLevel.CLEAN)))))
        .flatMap(
            tried ->
                Stream.of(
                    tried,
                    new Case(
                        tried.model(),
                        tried.options().with(SamplerOption.FINAL_LEVEL, FinalLevel.FIRST_TIMESTEP)),
                    new Case(
                        tried.model(),
                        tried.options().with(SamplerOption.SPACING, TimestepSpacing.LINSPACE)),
                    new Case(DiffusionModel.of(EXPLODING, PredictionType.SCORE), tried.options())));
  }

  private static SamplerOptions options(boolean rederive, double eta, FinalLevel end) {
    return SamplerOptions.ofSteps(9)
        .with(SamplerOption.REDERIVE_EPSILON, rederive)
        .with(SamplerOption.ETA, eta)
        .with(SamplerOption.FINAL_LEVEL, end);
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
    boolean toFirst =
        tried.options().find(SamplerOption.FINAL_LEVEL).orElseThrow() == FinalLevel.FIRST_TIMESTEP;
    double eta = last ? 0 : tried.options().find(SamplerOption.ETA).orElseThrow();
    boolean rederive = tried.options().find(SamplerOption.REDERIVE_EPSILON).orElseThrow();
    double ofEpsilon =
        rederive ? in.x0() : x0(tried, plan, step, in.x(), in.m()); // unclipped in the latter case
    NoiseSchedule schedule = tried.model().schedule();
    if (schedule.isVariancePreserving()) {
      double a = level(tried, plan, step);
      double p =
          last ? toFirst ? Reference.alphaBar(schedule, 0) : 1 : level(tried, plan, step + 1);
      double epsilon = (in.x() - Math.sqrt(a) * ofEpsilon) / Math.sqrt(1 - a);
      double s = eta * Math.sqrt((1 - p) / (1 - a)) * Math.sqrt(1 - a / p);
      return Math.sqrt(p) * in.x0() + Math.sqrt(1 - p - s * s) * epsilon + s * in.z();
    }
    double sigma = level(tried, plan, step);
    double next = last ? toFirst ? schedule.sigma(0) : 0 : level(tried, plan, step + 1);
    double epsilon = (in.x() - ofEpsilon) / sigma;
    double s = eta * Math.sqrt(next * next * (sigma * sigma - next * next)) / sigma;
    return in.x0() + Math.sqrt(Math.max(0, next * next - s * s)) * epsilon + s * in.z();
  }

  @ParameterizedTest
  @CsvSource({
    "epsilon, 172.00652216842732, 172.0067",
    "v_prediction, 52.53012384534514, 52.5302",
  })
  void theNetworkFreeChain_sumsToTheGoldenNumber(
      String prediction, double golden, double assertedByDiffusers) {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.of(prediction)),
                SamplerOptions.ofSteps(10)
                    .with(SamplerOption.SPACING, TimestepSpacing.LEADING)
                    .with(SamplerOption.REDERIVE_EPSILON, false));
    assertEquals(golden, NetworkFreeChain.sumInDouble(plan), 1e-10);
    assertEquals(golden, NetworkFreeChain.sumInFloat(plan), 2e-3);
    assertEquals(assertedByDiffusers, NetworkFreeChain.sumInFloat(plan), 1e-2);
  }

  @Test
  void etaOne_hasTheMeanAndTheNoiseOfAncestralSampling() {
    SamplerOptions options = SamplerOptions.ofSteps(25).withClipping(Clipping.NONE);
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.EPSILON);
    ChainPlan ddpm = Samplers.of("ddpm").plan(model, options);
    ChainPlan ddim = sampler().plan(model, options.with(SamplerOption.ETA, 1.0));
    for (int i = 0; i < 25; i++) {
      Step a = ddpm.steps().get(i);
      Step b = ddim.steps().get(i);
      assertEquals(a.b0() * a.ax() + a.bx(), b.b0() * b.ax() + b.bx(), 1e-12, "of x at " + i);
      assertEquals(a.b0() * a.am(), b.b0() * b.am(), 1e-12, "of m at " + i);
      assertEquals(a.bz(), b.bz(), 1e-12, "of z at " + i);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutClipping_keptAndRederivedEpsilonAreOneChain(PredictionType prediction) {
    SamplerOptions options =
        SamplerOptions.ofSteps(10).withClipping(Clipping.NONE).with(SamplerOption.ETA, 0.3);
    DiffusionModel model = DiffusionModel.of(LINEAR, prediction);
    ChainPlan kept = sampler().plan(model, options.with(SamplerOption.REDERIVE_EPSILON, false));
    ChainPlan rederived = sampler().plan(model, options);
    for (int i = 0; i < 10; i++) {
      Step a = kept.steps().get(i);
      Step b = rederived.steps().get(i);
      // A posterior mean is nearly the state, so x0 is the small difference of large terms.
      double size = Math.max(1, Math.abs(a.am()));
      assertEquals(a.b0() * a.ax() + a.bx(), b.b0() * b.ax() + b.bx(), 1e-10 * size, "x at " + i);
      assertEquals(a.b0() * a.am() + a.bm(), b.b0() * b.am() + b.bm(), 1e-10 * size, "m at " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"ddpm, 0", "ddim, 0", "ddim, 0.5", "dpmpp-2m, 0", "euler, 0"})
  void aPerfectPrediction_landsOnTheData(String sampler, double eta) {
    for (int steps : new int[] {1, 2, 10, 50}) {
      SamplerOptions options = SamplerOptions.ofSteps(steps);
      ChainPlan plan =
          Samplers.of(sampler)
              .plan(
                  DiffusionModel.of(LINEAR, PredictionType.SAMPLE),
                  eta > 0 ? options.with(SamplerOption.ETA, eta) : options);
      float[] x = new float[4];
      float[] noise = new float[4];
      GaussianNoise.fill(x, 11, NoisePurpose.INITIAL, 0, 0);
      float[] output = {0, .3f, .3f, .3f, .3f};
      float[] estimate = new float[4];
      for (int i = 0; i < plan.length(); i++) {
        GaussianNoise.fill(noise, 11, NoisePurpose.STEP, 0, i);
        UniversalStep.apply(
            plan.steps().get(i), plan.clipping(), x, output, 1, 0, new float[0][], estimate, noise);
      }
      assertArrayEquals(new float[] {.3f, .3f, .3f, .3f}, x, 1e-6f, steps + " steps");
    }
  }

  /** diffusers' set_alpha_to_one = false. */
  @Test
  void aChainThatEndsAtTheFirstTimestep_keepsItsNoiseThere() {
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                SamplerOptions.ofSteps(10)
                    .with(SamplerOption.FINAL_LEVEL, FinalLevel.FIRST_TIMESTEP));
    Step last = plan.steps().get(9);
    double a = LINEAR.alphaBar(99);
    assertEquals(Math.sqrt(1e-4 / (1 - a)), last.bx(), 1e-12);
    assertEquals(Math.sqrt(0.9999) - Math.sqrt(1e-4 * a / (1 - a)), last.b0(), 1e-12);
  }
}
