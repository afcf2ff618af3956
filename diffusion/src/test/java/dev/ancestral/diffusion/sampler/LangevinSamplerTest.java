package dev.ancestral.diffusion.sampler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LangevinSamplerTest extends SamplerContract {
  @Override
  Sampler sampler() {
    return Samplers.of("langevin");
  }

  @Override
  Stream<Case> cases() {
    DiffusionModel model = DiffusionModel.of(EXPLODING, PredictionType.SCORE);
    return Stream.of(
        new Case(
            model,
            SamplerOptions.ofSteps(10)
                .withClipping(Clipping.NONE)
                .with(SamplerOption.STEP_SIZE, 1e-3)
                .with(SamplerOption.DECAY, 0.9)
                .with(SamplerOption.TEMPERATURE, 1.0)),
        new Case(
            DiffusionModel.of(COSINE, PredictionType.SCORE),
            SamplerOptions.ofSteps(300)
                .with(SamplerOption.STEP_SIZE, 0.5)
                .with(SamplerOption.DECAY, 1.0)
                .with(SamplerOption.TEMPERATURE, 0.1)));
  }

  @Override
  boolean endsWithoutNoise() {
    return false;
  }

  @Override
  double level(Case tried, ChainPlan plan, int step) {
    return tried.model().schedule().sigma(0);
  }

  @Override
  double next(Case tried, ChainPlan plan, int step, Inputs in) {
    double size =
        tried.options().find(SamplerOption.STEP_SIZE).orElseThrow()
            * Math.pow(tried.options().find(SamplerOption.DECAY).orElseThrow(), step);
    double temperature = tried.options().find(SamplerOption.TEMPERATURE).orElseThrow();
    return in.x() + size / 2 * in.m() + temperature * Math.sqrt(size) * in.z();
  }

  /** Standard normal data have the score -x; half a step size more or less is its known bias. */
  @Test
  void aLongWalk_hasTheVarianceOfItsDistribution() {
    double stepSize = 0.2;
    ChainPlan plan =
        sampler()
            .plan(
                DiffusionModel.of(EXPLODING, PredictionType.SCORE),
                SamplerOptions.ofSteps(200)
                    .withClipping(Clipping.NONE)
                    .with(SamplerOption.STEP_SIZE, stepSize)
                    .with(SamplerOption.DECAY, 1.0));
    float[] x = new float[20_000];
    float[] score = new float[x.length];
    float[] noise = new float[x.length];
    for (int i = 0; i < plan.length(); i++) {
      for (int k = 0; k < x.length; k++) {
        score[k] = -x[k];
      }
      GaussianNoise.fill(noise, 3, NoisePurpose.STEP, 0, i);
      UniversalStep.apply(
          plan.steps().get(i),
          plan.clipping(),
          x,
          score,
          0,
          0,
          new float[0][],
          new float[x.length],
          noise);
    }
    double sum = 0;
    for (float value : x) {
      sum += value * value;
    }
    // x' = (1 - ε/2)·x + √ε·z has the variance 1/(1 - ε/4); four standard errors of 20 000 squares.
    assertEquals(1 / (1 - stepSize / 4), sum / x.length, 0.04);
  }

  @Test
  void itsDefaults_areTenSmallSteps() {
    SamplerOptions defaults =
        sampler().defaults(DiffusionModel.of(EXPLODING, PredictionType.SCORE));
    assertEquals(10, defaults.steps());
    assertEquals(1e-3, defaults.get(SamplerOption.STEP_SIZE));
    assertEquals(0.9, defaults.get(SamplerOption.DECAY));
  }

  @Test
  void aNetworkThatPredictsNoScore_isRefused() {
    assertEquals(
        "sampler: langevin needs a network that predicts the score"
            + " (expected one of: ddpm, ddim, dpmpp-2m, dpmpp-3m, unipc, deis, ipndm, fastdpm, euler)",
        String.valueOf(
            assertThrows(
                    InvalidOptionException.class,
                    () ->
                        sampler()
                            .plan(
                                DiffusionModel.of(LINEAR, PredictionType.EPSILON),
                                SamplerOptions.ofSteps(10)))
                .getMessage()));
  }
}
