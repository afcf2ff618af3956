package dev.ancestral.trainer.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Recommended;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.diffusion.likelihood.Normals;
import dev.ancestral.diffusion.sampler.TimestepSpacing;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BoundEvaluationTest {
  private static final NoiseSchedule LINEAR = BetaSchedules.create("linear", 1000, Map.of());
  private static final NoiseSchedule SHORT =
      BetaSchedules.create("linear_scaled_to_timesteps", 50, Map.of());
  private static final DataSpec POINTS = new DataSpec(List.of(2L), -3, 3, 0);
  private static final DataSpec DIGITS = new DataSpec(List.of(1L, 2L, 2L), -1, 1, 17);

  private static Bundle model(
      NoiseSchedule schedule, PredictionType prediction, Variance variance, DataSpec data) {
    return new Bundle(
        new SchedulerConfig(
            "linear", schedule, prediction, variance, true, TimestepSpacing.TRAILING),
        data,
        true,
        null,
        new Recommended("ddpm", schedule.timesteps()),
        Map.of(),
        List.of());
  }

  private static EvaluatedSamples samples(List<float[]> samples) {
    return new EvaluatedSamples(samples, new long[samples.size()], "samples");
  }

  /** Normal points of this standard deviation. */
  private static List<float[]> normal(int count, double deviation) {
    Random random = new Random(3);
    List<float[]> points = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      points.add(
          new float[] {
            (float) (deviation * random.nextGaussian()), (float) (deviation * random.nextGaussian())
          });
    }
    return points;
  }

  @ParameterizedTest
  @EnumSource(
      value = PredictionType.class,
      names = {"EPSILON", "SAMPLE", "V", "POSTERIOR_MEAN"})
  void aNormalDistributionThatIsKnown_hasItsOwnDensity(PredictionType prediction) {
    double deviation = 0.5;
    double s2 = deviation * deviation;
    List<float[]> points = normal(5000, deviation);
    // The reverse chain of a normal distribution is normal: its bound is no bound but the density.
    Predictor exact =
        (noisy, timesteps, labels) -> {
          float[] output = new float[2 * noisy.length];
          for (int i = 0; i < noisy.length; i++) {
            int t = (int) timesteps[i / 2];
            Transition transition = SHORT.transition(t);
            double total = SHORT.alphaBar(t) * s2 + transition.from().sigmaSquared();
            double x0 = SHORT.alpha(t) * s2 * noisy[i] / total;
            int at = i / 2 * 4 + i % 2;
            output[at] =
                (float)
                    ((x0 - prediction.x0FromState(transition) * noisy[i])
                        / prediction.x0FromOutput(transition));
            double c = transition.meanFromX0();
            double left = s2 * transition.from().sigmaSquared() / total;
            output[at + 2] = (float) Math.log(transition.posteriorVariance() + c * c * left);
          }
          return output;
        };
    Likelihood likelihood =
        new BoundEvaluation(model(SHORT, prediction, Variance.LEARNED, POINTS), exact)
            .measure(samples(points), 1);
    double expected = 0;
    for (float[] point : points) {
      for (float x : point) {
        expected -= Normals.logDensity(x, 0, 2 * Math.log(deviation));
      }
    }
    // Of 5000 samples the standard error is about 0.012.
    assertEquals(Bits.of(expected / 10_000), likelihood.total().mean(), 0.04);
  }

  /** Answers what the training target is, since it knows the samples and their order. */
  private static Predictor perfect(Bundle model, EvaluatedSamples of) {
    int[] place = {0};
    return (noisy, timesteps, labels) -> {
      int elements = model.data().elements();
      int heads = model.scheduler().variance().isLearned() ? 2 : 1;
      float[] output = new float[heads * noisy.length];
      for (int row = 0; row < timesteps.length; row++, place[0]++) {
        float[] x0 = of.samples().get(place[0] / model.scheduler().schedule().timesteps());
        NoiseSchedule schedule = model.scheduler().schedule();
        int t = (int) timesteps[row];
        Transition transition = schedule.transition(t);
        for (int i = 0; i < elements; i++) {
          double noise =
              (noisy[row * elements + i] - schedule.alpha(t) * x0[i]) / schedule.sigma(t);
          output[row * heads * elements + i] =
              (float)
                  (model.scheduler().predictionType().targetFromX0(transition) * x0[i]
                      + model.scheduler().predictionType().targetFromNoise(transition) * noise);
          if (heads == 2) {
            output[row * heads * elements + elements + i] = -1;
          }
        }
      }
      return output;
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = Variance.class,
      names = {"FIXED_SMALL", "LEARNED_RANGE"})
  void aPerfectPredictionLeavesThePriorAndTheDecoder(Variance variance) {
    Bundle model = model(LINEAR, PredictionType.V, variance, DIGITS);
    EvaluatedSamples of =
        samples(List.of(new float[] {-1, -0.5f, 0, 1}, new float[] {1, 1, 0.125f, -1}));
    Likelihood likelihood = new BoundEvaluation(model, perfect(model, of)).measure(of, 1);
    assertEquals(0, likelihood.divergences().mean(), 1e-6);
    // All but proportional to the squares, of which |x0| = 1 has the golden 2.911294542e-05.
    assertEquals(
        (1 + 0.25 + 0 + 1 + 1 + 1 + 0.015625 + 1) / 8 * 2.9113e-5, likelihood.prior().mean(), 1e-8);
    // σ = e^(-9.8167/2) = 0.0074 is far below half a bin, 0.0625.
    assertEquals(0, likelihood.decoder().mean(), 1e-9);
    assertEquals(1000, likelihood.meanTerms().length);
    assertEquals(2, likelihood.samples());
  }

  @Test
  void everyTermIsThatOfItsFormula_whereThePredictionIsOffAndClipped() {
    // x̂0 = 2 everywhere, which is clipped to 1.
    Bundle model = model(LINEAR, PredictionType.SAMPLE, Variance.FIXED_LARGE, DIGITS);
    EvaluatedSamples of = samples(List.of(new float[] {0.5f, 0.5f, 0.5f, 0.5f}));
    Likelihood likelihood =
        new BoundEvaluation(
                model,
                (noisy, timesteps, labels) -> {
                  float[] output = new float[noisy.length];
                  Arrays.fill(output, 2);
                  return output;
                })
            .measure(of, 1);
    for (int t : new int[] {1, 500, 999}) {
      double difference = LINEAR.posteriorMeanFromX0(t) * 0.5;
      double expected =
          Bits.of(
              Normals.kl(
                  0, LINEAR.posteriorLogVarianceClipped(t), difference, Math.log(LINEAR.beta(t))));
      assertEquals(expected, likelihood.meanTerms()[t], 1e-9 * Math.max(1, expected), "t = " + t);
    }
    // Half a unit away at σ = 0.0074, the bin has no mass.
    assertEquals(-Bits.of(Math.log(1e-12)), likelihood.decoder().mean(), 1e-9);
  }

  @Test
  void callsAreBatches_andTheOrderOfTheirRowsDoesNotMatter() {
    List<Integer> rows = new ArrayList<>();
    Predictor zero =
        (noisy, timesteps, labels) -> {
          rows.add(timesteps.length);
          return new float[noisy.length];
        };
    Bundle model = model(LINEAR, PredictionType.EPSILON, Variance.FIXED_SMALL, POINTS);
    List<float[]> points = normal(3, 0.5);
    Likelihood together = new BoundEvaluation(model, zero).measure(samples(points), 7);
    assertEquals(12, rows.size());
    assertEquals(3000, rows.stream().mapToInt(Integer::intValue).sum());
    Likelihood first = new BoundEvaluation(model, zero).measure(samples(points.subList(0, 1)), 7);
    assertArrayEquals(first.terms()[0], together.terms()[0]);
  }

  @Test
  void baselineIsTheEntropyOfLevelsOrOfANormalDistribution() {
    Predictor none = (noisy, timesteps, labels) -> noisy;
    BoundEvaluation images =
        new BoundEvaluation(
            model(LINEAR, PredictionType.EPSILON, Variance.FIXED_SMALL, DIGITS), none);
    assertEquals(
        4.08746284125034, images.baseline(samples(List.of(new float[] {0, 0, 0, 0}))), 1e-12);
    BoundEvaluation points =
        new BoundEvaluation(
            model(LINEAR, PredictionType.EPSILON, Variance.FIXED_SMALL, POINTS), none);
    // ½·log2(2πe·s²) of two points at ±1 and ±2: variances 1 and 4.
    assertEquals(
        2.047095585180641 + 0.5,
        points.baseline(samples(List.of(new float[] {1, 2}, new float[] {-1, -2}))),
        1e-12);
  }

  @Test
  void standardErrorIsThatOfTheMean_andUnknownForOneSample() {
    Estimate estimate = Estimate.of(new double[] {1, 2, 3, 6});
    assertEquals(3, estimate.mean(), 0);
    assertEquals(Math.sqrt(14.0 / 3 / 4), estimate.standardError(), 1e-12);
    assertTrue(Double.isNaN(Estimate.of(new double[] {1}).standardError()));
  }

  @Test
  void aChainWithoutABoundIsRefused() {
    Bundle exploding =
        model(
            NoiseSchedule.ofSigmas(new double[] {0.1, 1}),
            PredictionType.SCORE,
            Variance.FIXED_SMALL,
            POINTS);
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new BoundEvaluation(exploding, (noisy, timesteps, labels) -> noisy));
    assertTrue(
        String.valueOf(error.getMessage()).startsWith("schedule: variance-exploding"),
        error.getMessage());
  }
}
