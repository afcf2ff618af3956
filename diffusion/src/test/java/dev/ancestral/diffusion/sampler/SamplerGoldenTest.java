package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The network-free chain of diffusers' scheduler tests: x = arange(768)/768, prediction x·t/(t+1),
 * linear schedule; the sum of |x| at the end. All its values are computed alike, so their order
 * does not matter.
 */
class SamplerGoldenTest {
  private static final NoiseSchedule LINEAR = BetaSchedules.create("linear", 1000, Map.of());
  private static final int SIZE = 768;

  @ParameterizedTest
  @CsvSource({
    "ddim, epsilon, 10, false, 172.00652216842732",
    "ddim, v_prediction, 10, false, 52.53012384534514",
    "ddpm, epsilon, 1000, true, 0.6609351890174571",
    "ddpm, v_prediction, 1000, true, 0.11322219500055535",
    "ddpm, epsilon, 10, true, 2.3674759",
    "ddpm, v_prediction, 10, true, 0.1124166",
  })
  void meansOfTheChain_sumToTheGoldenNumber(
      String sampler, String prediction, int steps, boolean rederiveEpsilon, double golden) {
    SamplerOptions options =
        SamplerOptions.ofSteps(steps)
            .withSpacing(TimestepSpacing.LEADING)
            .withRederiveEpsilon(rederiveEpsilon);
    ChainPlan plan =
        Samplers.of(sampler)
            .plan(DiffusionModel.of(LINEAR, PredictionType.of(prediction)), options);
    assertEquals(golden, sumInDouble(plan), 5e-8 * Math.max(1, golden));
    assertEquals(golden, sumInFloat(plan), 2e-5 * Math.max(1, golden));
  }

  private static double sumInDouble(ChainPlan plan) {
    double sum = 0;
    for (int i = 0; i < SIZE; i++) {
      double x = (double) i / SIZE;
      for (Step step : plan.steps()) {
        double m = x * step.timestep() / (step.timestep() + 1);
        double x0 = Math.min(Math.max(step.ax() * x + step.am() * m, -1), 1);
        x = step.b0() * x0 + step.bx() * x + step.bm() * m;
      }
      sum += Math.abs(x);
    }
    return sum;
  }

  private static double sumInFloat(ChainPlan plan) {
    float[] x = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      x[i] = (float) i / SIZE;
    }
    float[] m = new float[SIZE];
    float[] x0 = new float[SIZE];
    float[] noNoise = new float[SIZE];
    for (Step step : plan.steps()) {
      float factor = (float) (step.timestep() / (step.timestep() + 1));
      for (int i = 0; i < SIZE; i++) {
        m[i] = x[i] * factor;
      }
      UniversalStep.apply(step, plan.clipping(), x, m, 0, 0, x0, noNoise);
    }
    double sum = 0;
    for (float value : x) {
      sum += Math.abs(value);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddpm", "ddim"})
  void perfectPrediction_landsOnX0(String sampler) {
    double x0 = 0.3;
    for (int steps : new int[] {1, 2, 10, 50}) {
      ChainPlan plan =
          Samplers.of(sampler)
              .plan(
                  DiffusionModel.of(LINEAR, PredictionType.SAMPLE),
                  SamplerOptions.ofSteps(steps).withEta(0.5));
      float[] x = new float[4];
      float[] noise = new float[4];
      GaussianNoise.fill(x, 11, NoisePurpose.INITIAL, 0, 0);
      float[] output = {0, (float) x0, (float) x0, (float) x0, (float) x0};
      for (int i = 0; i < plan.length(); i++) {
        GaussianNoise.fill(noise, 11, NoisePurpose.STEP, 0, i);
        UniversalStep.apply(
            plan.steps().get(i), plan.clipping(), x, output, 1, 0, new float[4], noise);
      }
      assertArrayEquals(new float[] {.3f, .3f, .3f, .3f}, x, 1e-6f, steps + " steps");
    }
  }

  @Test
  void etaOne_hasTheMeanAndTheNoiseOfDdpm() {
    SamplerOptions options = SamplerOptions.ofSteps(25).withClipping(Clipping.NONE);
    ChainPlan ddpm =
        Samplers.of("ddpm").plan(DiffusionModel.of(LINEAR, PredictionType.EPSILON), options);
    ChainPlan ddim =
        Samplers.of("ddim")
            .plan(DiffusionModel.of(LINEAR, PredictionType.EPSILON), options.withEta(1));
    for (int i = 0; i < 25; i++) {
      Step a = ddpm.steps().get(i);
      Step b = ddim.steps().get(i);
      assertEquals(a.b0() * a.ax() + a.bx(), b.b0() * b.ax() + b.bx(), 1e-12, "of x at " + i);
      assertEquals(a.b0() * a.am(), b.b0() * b.am(), 1e-12, "of m at " + i);
      assertEquals(a.bz(), b.bz(), 1e-12, "of z at " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"epsilon", "sample", "v_prediction"})
  void withoutClipping_keptAndRederivedEpsilonAreOneChain(String prediction) {
    SamplerOptions options = SamplerOptions.ofSteps(10).withClipping(Clipping.NONE).withEta(0.3);
    DiffusionModel model = DiffusionModel.of(LINEAR, PredictionType.of(prediction));
    ChainPlan kept = Samplers.of("ddim").plan(model, options.withRederiveEpsilon(false));
    ChainPlan rederived = Samplers.of("ddim").plan(model, options);
    for (int i = 0; i < 10; i++) {
      Step a = kept.steps().get(i);
      Step b = rederived.steps().get(i);
      assertEquals(a.b0() * a.ax() + a.bx(), b.b0() * b.ax() + b.bx(), 1e-10, "of x at step " + i);
      assertEquals(a.b0() * a.am() + a.bm(), b.b0() * b.am() + b.bm(), 1e-10, "of m at step " + i);
    }
  }

  @Test
  void lastStep_drawsNoNoise() {
    for (String sampler : Samplers.names()) {
      ChainPlan plan =
          Samplers.of(sampler)
              .plan(
                  DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                  SamplerOptions.ofSteps(20).withEta(1).withVariance(Variance.FIXED_LARGE));
      assertEquals(false, plan.steps().get(19).isStochastic(), sampler);
      assertEquals(true, plan.steps().get(18).isStochastic(), sampler);
    }
  }
}
