package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AnnealedLangevinSamplerTest extends SamplerContract {
  private static final DiffusionModel MODEL = DiffusionModel.of(EXPLODING, PredictionType.SCORE);

  @Override
  Sampler sampler() {
    return Samplers.of("annealed-langevin");
  }

  @Override
  Stream<Case> cases() {
    return Stream.of(
        new Case(
            MODEL,
            SamplerOptions.ofSteps(90)
                .withClipping(Clipping.NONE)
                .with(SamplerOption.STEP_SIZE, 2e-5)
                .with(SamplerOption.DECAY, 0.5)
                .with(SamplerOption.TEMPERATURE, 1.0)),
        new Case(
            MODEL,
            SamplerOptions.ofSteps(30)
                .with(SamplerOption.STEP_SIZE, 1e-4)
                .with(SamplerOption.DECAY, 1.0)
                .with(SamplerOption.TEMPERATURE, 0.3)));
  }

  @Override
  boolean endsWithoutNoise() {
    return false;
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    int perLevel = plan.length() / 30;
    return 0.01 * Math.pow(5000, (29 - step / perLevel) / 29.0);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double sigma = level(tried, plan, step);
    double size =
        tried.options().find(SamplerOption.STEP_SIZE).orElseThrow()
            * Math.pow(sigma / 0.01, 2)
            * Math.pow(
                tried.options().find(SamplerOption.DECAY).orElseThrow(),
                step % (plan.length() / 30));
    double temperature = tried.options().find(SamplerOption.TEMPERATURE).orElseThrow();
    return in.x() + size / 2 * in.m() + temperature * Math.sqrt(size) * in.z();
  }

  @Test
  void stepsThatAreLeftOver_goToTheNoisierLevels() {
    DiffusionModel model =
        DiffusionModel.of(NoiseSchedule.ofSigmas(new double[] {0.1, 1, 10}), PredictionType.SCORE);
    assertArrayEquals(
        new double[] {2, 2, 2, 1, 1, 1, 0, 0},
        sampler().plan(model, SamplerOptions.ofSteps(8)).timesteps());
  }

  @Test
  void theDefaultStepSize_isThatOfThePaper() {
    assertEquals(2e-5, sampler().defaults(MODEL).get(SamplerOption.STEP_SIZE), 1e-18);
  }

  @Test
  void fewerStepsThanLevels_areRefused() {
    assertEquals(
        "steps: 29 (expected: 30..10000, at least one a level of noise)",
        String.valueOf(
            assertThrows(
                    InvalidOptionException.class,
                    () -> sampler().plan(MODEL, SamplerOptions.ofSteps(29)))
                .getMessage()));
  }

  /** Data at ±1: the score of the mixture at noise σ is (tanh(x/σ²) - x)/σ². */
  @Test
  void withThePerfectScore_itEndsInTheModesOfTheData() {
    NoiseSchedule schedule = geometric(10, 0.05, 5);
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(schedule, PredictionType.SCORE),
                SamplerOptions.ofSteps(500).withClipping(Clipping.NONE));
    float[] x = new float[2000];
    float[] score = new float[x.length];
    float[] noise = new float[x.length];
    GaussianNoise.fill(x, 5, NoisePurpose.INITIAL, 0, 0);
    for (int k = 0; k < x.length; k++) {
      x[k] *= (float) plan.initialScale();
    }
    for (int i = 0; i < plan.length(); i++) {
      Step step = plan.steps().get(i);
      double variance = Math.pow(schedule.sigma((int) step.timestep()), 2);
      for (int k = 0; k < x.length; k++) {
        score[k] = (float) ((Math.tanh(x[k] / variance) - x[k]) / variance);
      }
      GaussianNoise.fill(noise, 5, NoisePurpose.STEP, 0, i);
      UniversalStep.apply(
          step, plan.clipping(), x, score, 0, 0, new float[0][], new float[x.length], noise);
    }
    int positive = 0;
    double spread = 0;
    for (float value : x) {
      positive += value > 0 ? 1 : 0;
      spread += Math.pow(Math.abs(value) - 1, 2);
    }
    // Four standard errors of 2000 coins; and the last level's noise, whose steps are a fifth of
    // it.
    assertEquals(0.5, (double) positive / x.length, 4 * 0.5 / Math.sqrt(x.length));
    assertEquals(0.05, Math.sqrt(spread / x.length), 0.005);
  }
}
