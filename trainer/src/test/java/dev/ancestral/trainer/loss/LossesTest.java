package dev.ancestral.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.diffusion.likelihood.DiscretizedGaussian;
import dev.ancestral.diffusion.likelihood.Normals;
import dev.ancestral.diffusion.likelihood.ReverseKernel;
import dev.ancestral.diffusion.likelihood.SohlDicksteinBound;
import dev.ancestral.diffusion.likelihood.VariationalBound;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.loss.LossCase.Measured;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every loss beside its formula in double on the host, and its gradient beside differences. */
class LossesTest {
  private static final double STEP = 1e-5;

  /** The loss of one number in double; rows are means over their numbers. */
  private interface Formula {
    double of(double[] output, int i);
  }

  private static void assertIsMeanOf(Loss loss, LossCase rows, double tolerance, Formula formula) {
    Measured measured = rows.measure(loss);
    assertEquals(rows.timesteps().length, measured.rows().length);
    for (int row = 0; row < measured.rows().length; row++) {
      double expected = rowMean(rows, formula, rows.outputs(), row);
      assertEquals(
          expected,
          measured.rows()[row],
          tolerance * Math.max(1, Math.abs(expected)),
          "row " + row);
    }
    assertGradientIsOf(measured, rows, tolerance, formula);
  }

  private static double rowMean(LossCase rows, Formula formula, double[] output, int row) {
    int numbers = rows.numbersOfRow();
    double sum = 0;
    for (int i = row * numbers; i < (row + 1) * numbers; i++) {
      sum += formula.of(output, i);
    }
    return sum / numbers;
  }

  private static void assertGradientIsOf(
      Measured measured, LossCase rows, double tolerance, Formula formula) {
    double[] output = rows.outputs();
    int width = output.length / rows.timesteps().length;
    for (int k = 0; k < output.length; k++) {
      double kept = output[k];
      output[k] = kept + STEP;
      double above = rowMean(rows, formula, output, k / width);
      output[k] = kept - STEP;
      double below = rowMean(rows, formula, output, k / width);
      output[k] = kept;
      double expected = (above - below) / (2 * STEP);
      assertEquals(
          expected,
          measured.gradient()[k],
          10 * tolerance * Math.max(1, Math.abs(expected)),
          "output " + k);
    }
  }

  private static Loss loss(String type, Map<String, Object> settings, LossTask task) {
    return Losses.create(type, settings, task);
  }

  @ParameterizedTest
  @EnumSource(PredictionType.class)
  void mseIsTheSquaredError(PredictionType prediction) {
    LossCase rows =
        LossCase.of(LossCase.images(prediction, Variance.FIXED_SMALL), 1, 0, 100, 500, 999);
    assertIsMeanOf(
        loss("mse", Map.of(), rows.task()),
        rows,
        1e-5,
        (output, i) -> square(output[i] - rows.target(i)));
  }

  @Test
  void l1IsTheAbsoluteError() {
    LossCase rows = epsilonCase();
    assertIsMeanOf(
        loss("l1", Map.of(), rows.task()),
        rows,
        1e-5,
        (output, i) -> Math.abs(output[i] - rows.target(i)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.25, 1})
  void huberIsSquaredUpToDelta_andAbsoluteBeyond(double delta) {
    LossCase rows = epsilonCase();
    assertIsMeanOf(
        loss("huber", Map.of("delta", delta), rows.task()),
        rows,
        1e-5,
        (output, i) -> {
          double d = Math.abs(output[i] - rows.target(i));
          return d <= delta ? 0.5 * d * d : delta * (d - 0.5 * delta);
        });
  }

  private static LossCase epsilonCase() {
    return LossCase.of(
        LossCase.images(PredictionType.EPSILON, Variance.FIXED_SMALL), 2, 0, 1, 500, 999);
  }

  @ParameterizedTest
  @CsvSource({"EPSILON, 0.5857085", "SAMPLE, 5", "V, 0.5242920"})
  void minSnrWeight_equalsTheGoldenNumbers(PredictionType prediction, double expected) {
    LossCase rows = LossCase.of(LossCase.images(prediction, Variance.FIXED_SMALL), 3, 100);
    for (String type : new String[] {"mse", "l1", "huber"}) {
      double weighted =
          rows.measure(loss(type, Map.of("weighting", "min_snr"), rows.task())).rows()[0];
      double unweighted = rows.measure(loss(type, Map.of(), rows.task())).rows()[0];
      assertEquals(expected, weighted / unweighted, 1e-6 * expected, type);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0.2726920842780491",
    "100, 0.009996230226461367",
    "500, 0.005509734533430372",
    "999, 0.010204493468637877"
  })
  void boundWeight_equalsTheGoldenNumbers(int t, double expected) {
    LossCase rows =
        LossCase.of(LossCase.images(PredictionType.EPSILON, Variance.FIXED_LARGE), 4, t);
    double plain = rows.measure(loss("mse", Map.of(), rows.task())).rows()[0];
    double weighted =
        rows.measure(loss("mse", Map.of("weighting", "bound"), rows.task())).rows()[0];
    assertEquals(expected, weighted / plain, 1e-5 * expected);
  }

  @ParameterizedTest
  @EnumSource(
      value = PredictionType.class,
      names = {"EPSILON", "SAMPLE", "V", "POSTERIOR_MEAN"})
  void mseWeightedByTheBoundIsItsTerm_whateverIsPredicted(PredictionType prediction) {
    LossTask task = LossCase.points(prediction, Variance.FIXED_SMALL);
    LossCase rows = LossCase.of(task, 5, 1, 30, 500, 999);
    assertIsMeanOf(
        loss("mse", Map.of("weighting", "bound"), task),
        rows,
        1e-4,
        (output, i) -> nats(rows, output, i));
  }

  /** The term of the bound in nats at a number's timestep, straight from means and variances. */
  private static double nats(LossCase rows, double[] output, int i) {
    LossTask task = rows.task();
    int t = rows.timesteps()[i / rows.numbersOfRow()];
    ReverseKernel kernel = ReverseKernel.of(task.schedule(), task.prediction(), task.variance(), t);
    // In double, or the difference of the means would be lost.
    double x0 = rows.x0()[i];
    double state = task.schedule().alpha(t) * x0 + task.schedule().sigma(t) * rows.noise()[i];
    double mean = kernel.mean(kernel.x0(state, rows.prediction(output, i)), state);
    double logVariance = kernel.logVarianceAt(rows.variance(output, i));
    if (t > 0) {
      return Normals.kl(kernel.mean(x0, state), kernel.posteriorLogVariance(), mean, logVariance);
    }
    if (task.data().levels() == 0) {
      return -Normals.logDensity(x0, mean, logVariance);
    }
    return -new DiscretizedGaussian(task.data().min(), task.data().max(), task.data().levels())
        .logLikelihood(x0, mean, logVariance / 2);
  }

  @ParameterizedTest
  @EnumSource(Variance.class)
  void vlbIsTheBoundInBitsPerDimension_ofImages(Variance variance) {
    assertIsBound(LossCase.of(mild(LossCase.images(PredictionType.V, variance)), 6, 0, 0, 1, 999));
  }

  @ParameterizedTest
  @EnumSource(
      value = PredictionType.class,
      names = {"EPSILON", "SAMPLE", "V", "POSTERIOR_MEAN"})
  void vlbIsTheBoundInBitsPerDimension_ofPoints(PredictionType prediction) {
    LossTask task = mild(LossCase.points(prediction, Variance.LEARNED_RANGE));
    assertIsBound(LossCase.of(task, 7, 0, 2, 500, 999));
  }

  /** A schedule whose decoder is wide enough for random outputs to have some likelihood. */
  private static LossTask mild(LossTask task) {
    double[] betas = LossCase.LINEAR.betas();
    betas[0] = 0.05;
    betas[1] = 0.2;
    return new LossTask(
        NoiseSchedule.ofBetas(betas), task.prediction(), task.variance(), task.data());
  }

  private static void assertIsBound(LossCase rows) {
    int timesteps = rows.task().timesteps();
    VariationalBound bound = new VariationalBound(rows.task().schedule());
    assertIsMeanOf(
        loss("vlb", Map.of(), rows.task()),
        rows,
        1e-4,
        (output, i) -> Bits.of(timesteps * nats(rows, output, i) + bound.prior(rows.x0()[i])));
  }

  @Test
  void hybridIsMseAndAThousandthOfTheBound_whichMovesTheVarianceAlone() {
    LossTask task = mild(LossCase.images(PredictionType.EPSILON, Variance.LEARNED_RANGE));
    LossCase rows = LossCase.of(task, 8, 0, 1, 500, 999);
    double[] detached = rows.outputs();
    assertIsMeanOf(
        loss("hybrid", Map.of(), task),
        rows,
        1e-4,
        (output, i) -> {
          // Only the variance half of what the bound sees may vary.
          double[] seen = output.clone();
          int half = rows.numbersOfRow();
          for (int k = 0; k < seen.length; k++) {
            if (k % (2 * half) < half) {
              seen[k] = detached[k];
            }
          }
          return square(rows.prediction(output, i) - rows.target(i))
              + 0.001 * 1000 * Bits.of(nats(rows, seen, i));
        });
  }

  @Test
  void boundOfSohlDickstein_isThatOfItsFormula_withALearnedLastStep() {
    LossTask task = mild(LossCase.points(PredictionType.POSTERIOR_MEAN, Variance.LEARNED));
    LossCase rows = LossCase.of(task, 9, 0, 1, 500, 999);
    double constant = SohlDicksteinBound.aboveGaussian(task.schedule(), 0);
    assertIsMeanOf(
        loss("sohl_dickstein", Map.of(), task),
        rows,
        1e-4,
        (output, i) ->
            Bits.of(
                1000 * nats(rows, output, i)
                    - constant
                    - Normals.entropy(task.schedule().beta(0))));
  }

  private static double square(double x) {
    return x * x;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mze | EPSILON | FIXED_SMALL | weighting: none | loss.type: unknown name 'mze' (expected one of: mse,",
        "mse | EPSILON | FIXED_SMALL | wieghting: none | loss.wieghting: unknown key (did you mean loss.weighting?)",
        "mse | EPSILON | FIXED_SMALL | gamma: 5 | loss.gamma: has no effect here",
        "mse | EPSILON | FIXED_SMALL | weighting: snr | loss.weighting: unknown name 'snr' (expected one of: none, min_snr, bound",
        "l1 | EPSILON | FIXED_SMALL | weighting: bound | loss.weighting: unknown name 'bound' (expected one of: none, min_snr",
        "huber | EPSILON | FIXED_SMALL | delta: 0 | loss.delta: 0.0 (expected: above 0)",
        "mse | EPSILON | LEARNED_RANGE | weighting: none | loss.type: mse with sampling.variance learned_range (expected: vlb, hybrid, sohl_dickstein",
        "hybrid | EPSILON | FIXED_LARGE | vlb_weight: 1 | loss.type: hybrid with sampling.variance fixed_large (expected: learned_range or learned)",
        "sohl_dickstein | POSTERIOR_MEAN | FIXED_SMALL | weighting: none | loss.type: sohl_dickstein with sampling.variance fixed_small (expected: learned_range or learned)",
        "sliced_score | SCORE | FIXED_SMALL | weighting: none | loss.weighting: unknown key",
        "hybrid | EPSILON | LEARNED_RANGE | vlb_weight: 0 | loss.vlb_weight: 0.0 (expected: above 0)",
      })
  void whatDoesNotFitIsNamed(
      String type, PredictionType prediction, Variance variance, String setting, String message) {
    String[] parts = setting.split(": ", -1);
    Object value = parts[1].matches("\\d+") ? Integer.valueOf(parts[1]) : parts[1];
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> loss(type, Map.of(parts[0], value), LossCase.images(prediction, variance)));
    assertTrue(String.valueOf(error.getMessage()).startsWith(message), error.getMessage());
  }

  @Test
  void aBoundWhoseTermIsInfiniteIsRefused() {
    LossTask task =
        new LossTask(
            LossCase.LINEAR.withZeroTerminalSnr(),
            PredictionType.EPSILON,
            Variance.FIXED_SMALL,
            LossCase.points(PredictionType.EPSILON, Variance.FIXED_SMALL).data());
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> loss("vlb", Map.of(), task));
    assertTrue(
        String.valueOf(error.getMessage()).startsWith("loss.type vlb: -Infinity at t = 999"),
        error.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> loss("mse", Map.of("weighting", "min_snr"), task));
  }

  @Test
  void aBoundOfAVarianceExplodingChainIsRefused() {
    LossTask task =
        new LossTask(
            NoiseSchedule.ofSigmas(new double[] {0.1, 1}),
            PredictionType.SCORE,
            Variance.FIXED_SMALL,
            LossCase.points(PredictionType.SCORE, Variance.FIXED_SMALL).data());
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> loss("vlb", Map.of(), task));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith("loss.type: vlb with a variance-exploding schedule"),
        error.getMessage());
  }
}
