package dev.ancestral.diffusion.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.Transition;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.BetaSchedules;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LikelihoodTermsTest {
  private static final NoiseSchedule LINEAR = BetaSchedules.create("linear", 1000, Map.of());
  private static final DiscretizedGaussian EIGHT_BITS = new DiscretizedGaussian(-1, 1, 256);

  @Test
  void divergenceOfTwoNormals_equalsTheGoldenNumber_andIsZeroFromItself() {
    assertEquals(0.4373814125382941, Normals.kl(0.3, -1, -0.2, 0.5), 1e-15);
    assertEquals(0, Normals.kl(0.3, -1, 0.3, -1), 0);
  }

  @Test
  void entropyAndDensityOfANormal_equalTheGoldenNumbers() {
    assertEquals(1.4189385332046727, Normals.entropy(1), 1e-15);
    assertEquals(-0.8836465597893728, Normals.entropy(0.01), 1e-15);
    assertEquals(-0.842570545571004, Normals.logDensity(0.3, -0.2, -2), 1e-15);
  }

  @Test
  void divergenceIsTheMeanOfTheDensitiesDifference() {
    // The integral by the midpoint rule; both tails end where the density is below 1e-30.
    double sum = 0;
    int steps = 20_000;
    double width = 24.0 / steps;
    for (int i = 0; i < steps; i++) {
      double x = 0.3 - 12 + width * (i + 0.5);
      double p = Normals.logDensity(x, 0.3, -1);
      sum += width * Math.exp(p) * (p - Normals.logDensity(x, -0.2, 0.5));
    }
    assertEquals(Normals.kl(0.3, -1, -0.2, 0.5), sum, 1e-10);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, -1, -4.767073930407023",
    "1, 0.9, -2, -1.43147729937292",
    "0.011764705882352941, 0, -3, -2.7960863239804414"
  })
  void discretizedLikelihood_equalsTheGoldenNumbers(
      double x, double mean, double logScale, double expected) {
    assertEquals(expected, EIGHT_BITS.logLikelihood(x, mean, logScale), 1e-12);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 17, 256})
  void theBinsOfAllLevelsTogetherHoldEverything(int levels) {
    DiscretizedGaussian decoder = new DiscretizedGaussian(-1, 3, levels);
    double mass = 0;
    for (int level = 0; level < levels; level++) {
      mass += Math.exp(decoder.logLikelihood(-1 + 2 * level * decoder.halfBin(), 0.7, -0.5));
    }
    assertEquals(1, mass, 1e-12);
  }

  @Test
  void aBinWithoutMassHasTheFloor_soThatNoLikelihoodIsInfinite() {
    assertEquals(Math.log(1e-12), EIGHT_BITS.logLikelihood(0, 0.9, -8), 0);
  }

  @Test
  void levelsThatAreNoneAreRefused() {
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> new DiscretizedGaussian(-1, 1, 1));
    assertEquals("levels: 1 (expected: at least 2)", error.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new DiscretizedGaussian(1, 1, 8));
  }

  @Test
  void priorTerm_equalsTheGoldenNumbers() {
    assertEquals(2.911294542e-05, Bits.of(new VariationalBound(LINEAR).prior(1)), 1e-14);
    assertEquals(2.911294542e-05, Bits.of(new VariationalBound(LINEAR).prior(-1)), 1e-14);
    NoiseSchedule cosine = BetaSchedules.create("squaredcos_cap_v2", 1000, Map.of());
    assertEquals(1.752e-09, Bits.of(new VariationalBound(cosine).prior(1)), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0.2726920842780491",
    "100, 0.009996230226461367",
    "500, 0.005509734533430372",
    "999, 0.010204493468637877"
  })
  void weightOfATerm_equalsTheGoldenNumbers(int t, double expected) {
    VariationalBound bound = new VariationalBound(LINEAR);
    assertEquals(expected, bound.weightOfNoise(t, LINEAR.beta(t)), 1e-12 * expected);
  }

  @Test
  void weightTimesSquaredErrorIsTheDivergenceOfTwoPosteriors() {
    int t = 321;
    double variance = LINEAR.posteriorVariance(t);
    double log = Math.log(variance);
    double x0 = 0.4;
    double estimate = -0.1;
    double state = 0.2;
    double fromState = LINEAR.posteriorMeanFromState(t) * state;
    double divergence =
        Normals.kl(
            LINEAR.posteriorMeanFromX0(t) * x0 + fromState,
            log,
            LINEAR.posteriorMeanFromX0(t) * estimate + fromState,
            log);
    double weighted = new VariationalBound(LINEAR).weightOfX0(t, variance) * 0.5 * 0.5;
    assertEquals(divergence, weighted, 1e-13);
    assertTrue(weighted > 0);
  }

  @Test
  void boundOfSohlDickstein_equalsTheGoldenNumbers() {
    NoiseSchedule schedule = BetaSchedules.create("linear_scaled_to_timesteps", 100, Map.of());
    assertEquals(2.0349289111375777, SohlDicksteinBound.entropies(schedule), 1e-13);
    assertEquals(1.925895320037487, Bits.of(SohlDicksteinBound.bound(schedule, 0.7)), 1e-13);
    assertEquals(
        3.9729909052181287, Bits.of(SohlDicksteinBound.aboveGaussian(schedule, 0.7)), 1e-13);
  }

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void aKernelWithTheIdealOutputIsThePosterior(PredictionType prediction) {
    for (int t : new int[] {0, 1, 321, 999}) {
      ReverseKernel kernel = ReverseKernel.of(LINEAR, prediction, Variance.FIXED_SMALL, t);
      Transition transition = LINEAR.transition(t);
      double x0 = 0.4;
      double noise = -0.7;
      double state = LINEAR.alpha(t) * x0 + LINEAR.sigma(t) * noise;
      double output =
          prediction.targetFromX0(transition) * x0 + prediction.targetFromNoise(transition) * noise;
      assertEquals(x0, kernel.x0(state, output), 1e-9, "t = " + t);
      assertEquals(
          transition.meanFromX0() * x0 + transition.meanFromState() * state,
          kernel.mean(kernel.x0(state, output), state),
          1e-11,
          "t = " + t);
      assertEquals(kernel.posteriorLogVariance(), kernel.logVarianceAt(Double.NaN), 0);
    }
  }

  @Test
  void fixedVariancesAreThePosteriorsAndBeta_clippedAtTheFirstTimestep() {
    assertEquals(-9.81672513529567, logVariance(Variance.FIXED_SMALL, 0, 0), 1e-9);
    assertEquals(-9.81672513529567, logVariance(Variance.FIXED_LARGE, 0, 0), 1e-9);
    assertEquals(Math.log(5.4531876613021935e-05), logVariance(Variance.FIXED_SMALL, 1, 0), 1e-9);
    assertEquals(Math.log(0.010059959959959959), logVariance(Variance.FIXED_LARGE, 500, 0), 1e-9);
  }

  @Test
  void learnedVarianceIsTheLogarithmItself_orBetweenTheFixedOnes() {
    assertEquals(-3.5, logVariance(Variance.LEARNED, 500, -3.5), 0);
    double small = logVariance(Variance.FIXED_SMALL, 7, 0);
    double large = logVariance(Variance.FIXED_LARGE, 7, 0);
    assertEquals(small, logVariance(Variance.LEARNED_RANGE, 7, -1), 1e-12);
    assertEquals(large, logVariance(Variance.LEARNED_RANGE, 7, 1), 1e-12);
    double fraction = (0.4 + 1) / 2;
    assertEquals(
        fraction * large + (1 - fraction) * small,
        logVariance(Variance.LEARNED_RANGE, 7, 0.4),
        1e-12);
  }

  private static double logVariance(Variance variance, int t, double v) {
    return ReverseKernel.of(LINEAR, PredictionType.EPSILON, variance, t).logVarianceAt(v);
  }
}
