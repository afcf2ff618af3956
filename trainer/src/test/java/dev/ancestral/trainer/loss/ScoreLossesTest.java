package dev.ancestral.trainer.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.trainer.network.FlatParameters;
import dev.ancestral.trainer.network.NetworkTask;
import dev.ancestral.trainer.network.Networks;
import dev.ancestral.trainer.network.TangentNetwork;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Score matching beside its formulas, for the linear score s(x) = A·x + b, and a real network. */
class ScoreLossesTest {
  private static final NoiseSchedule SIGMAS = NoiseSchedule.ofSigmas(new double[] {0.1, 0.5, 2});
  private static final LossTask TASK = task(2);
  private static final int[] TIMESTEPS = {0, 1, 2, 2};
  private static final float[] X0 = {0.3f, -1, 2, 0.5f, -0.7f, 0.2f, 1, 1};
  private static final float[] NOISE = {1, -0.4f, 0.2f, 0.9f, -1.3f, 0.1f, 2, -0.6f};
  private static final float[] DIRECTIONS = {0.5f, 1.5f, -1, 0.25f, 2, -0.5f, 0.1f, 0.7f};

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  private static LossTask task(long numbers) {
    return new LossTask(
        SIGMAS,
        PredictionType.SCORE,
        Variance.FIXED_SMALL,
        new DataSpec(List.of(numbers), -3, 3, 0));
  }

  /** s(x) = A·x + b, whose Jacobian is A everywhere. */
  private record Linear(NDArray matrix, NDArray offset) implements NetworkPass {
    @Override
    public NDArray output(NDArray noisy) {
      return noisy.matMul(matrix.transpose()).add(offset);
    }

    @Override
    public Tangent tangent(NDArray noisy, NDArray direction) {
      return new Tangent(output(noisy), direction.matMul(matrix.transpose()));
    }
  }

  private TrainingRows rows() {
    return rows(TIMESTEPS, X0, NOISE, DIRECTIONS);
  }

  private TrainingRows rows(int[] timesteps, float[] x0, float[] noise, float[] directions) {
    return new TrainingRows(
        manager,
        new Shape(2),
        timesteps,
        x0,
        noise,
        noisy(timesteps, x0, noise),
        new float[x0.length],
        purpose -> directions);
  }

  private static float[] noisy(int[] timesteps, float[] x0, float[] noise) {
    float[] noisy = new float[x0.length];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] = (float) (x0[i] + SIGMAS.sigma(timesteps[i / 2]) * noise[i]);
    }
    return noisy;
  }

  /** The loss of a row in double, as a function of A (row by row) and b together. */
  private interface Formula {
    double of(double[] parameters, int row);
  }

  private static double score(double[] p, int row, int k) {
    float[] x = noisy(TIMESTEPS, X0, NOISE);
    return p[2 * k] * x[2 * row] + p[2 * k + 1] * x[2 * row + 1] + p[4 + k];
  }

  private static double denoising(double[] p, int row) {
    double sigma = SIGMAS.sigma(TIMESTEPS[row]);
    double sum = 0;
    for (int k = 0; k < 2; k++) {
      double error = score(p, row, k) + NOISE[2 * row + k] / sigma;
      sum += error * error;
    }
    return sigma * sigma * 0.5 * sum;
  }

  private static double sliced(double[] p, int row) {
    double sigma = SIGMAS.sigma(TIMESTEPS[row]);
    double v0 = DIRECTIONS[2 * row];
    double v1 = DIRECTIONS[2 * row + 1];
    double curvature = v0 * (p[0] * v0 + p[1] * v1) + v1 * (p[2] * v0 + p[3] * v1);
    double slope = v0 * score(p, row, 0) + v1 * score(p, row, 1);
    return sigma * sigma * (curvature + 0.5 * slope * slope);
  }

  private static double trace(double[] p, int row) {
    double sigma = SIGMAS.sigma(TIMESTEPS[row]);
    double square = Math.pow(score(p, row, 0), 2) + Math.pow(score(p, row, 1), 2);
    return sigma * sigma * (p[0] + p[3] + 0.5 * square);
  }

  @ParameterizedTest
  @ValueSource(strings = {"denoising_score", "sliced_score", "trace_score"})
  void valueAndGradientAreThoseOfTheFormula(String type) {
    Formula formula =
        switch (type) {
          case "denoising_score" -> ScoreLossesTest::denoising;
          case "sliced_score" -> ScoreLossesTest::sliced;
          default -> ScoreLossesTest::trace;
        };
    double[] p = {-0.8, 0.3, 0.1, -1.2, 0.4, -0.2};
    NDArray matrix = manager.create(new float[] {-0.8f, 0.3f, 0.1f, -1.2f}, new Shape(2, 2));
    NDArray offset = manager.create(new float[] {0.4f, -0.2f});
    matrix.setRequiresGradient(true);
    offset.setRequiresGradient(true);
    Loss loss = Losses.create(type, Map.of(), TASK);
    float[] actual;
    try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
      NDArray values = loss.rows().of(rows(), new Linear(matrix, offset));
      collector.backward(values.sum());
      actual = values.toFloatArray();
    }
    for (int row = 0; row < 4; row++) {
      double expected = formula.of(p, row);
      assertEquals(expected, actual[row], 1e-6 * Math.max(1, Math.abs(expected)), "row " + row);
    }
    float[] gradient = Arrays.copyOf(matrix.getGradient().toFloatArray(), 6);
    System.arraycopy(offset.getGradient().toFloatArray(), 0, gradient, 4, 2);
    for (int k = 0; k < 6; k++) {
      double expected = difference(formula, p, k);
      assertEquals(expected, gradient[k], 1e-5 * Math.max(1, Math.abs(expected)), "parameter " + k);
    }
  }

  private static double difference(Formula formula, double[] p, int k) {
    double[] above = p.clone();
    double[] below = p.clone();
    above[k] += 1e-5;
    below[k] -= 1e-5;
    double sum = 0;
    for (int row = 0; row < 4; row++) {
      sum += formula.of(above, row) - formula.of(below, row);
    }
    return sum / 2e-5;
  }

  @Test
  void overManyDirectionsTheSlicedLossIsTheTraceLoss() {
    int count = 40_000;
    int[] timesteps = new int[count];
    float[] x0 = new float[2 * count];
    float[] directions = new float[2 * count];
    Random random = new Random(5);
    Arrays.fill(timesteps, 2);
    for (int i = 0; i < x0.length; i++) {
      x0[i] = i % 2 == 0 ? 0.3f : -0.2f;
      directions[i] = (float) random.nextGaussian();
    }
    TrainingRows rows = rows(timesteps, x0, new float[x0.length], directions);
    NetworkPass network =
        new Linear(
            manager.create(new float[] {-0.8f, 0.3f, 0.1f, -1.2f}, new Shape(2, 2)),
            manager.create(new float[] {0.4f, -0.2f}));
    double sliced = mean(Losses.create("sliced_score", Map.of(), TASK), rows, network);
    double trace = mean(Losses.create("trace_score", Map.of(), TASK), rows, network);
    // A row's standard deviation is about 8.
    assertEquals(trace, sliced, 0.15);
  }

  private static double mean(Loss loss, TrainingRows rows, NetworkPass network) {
    double sum = 0;
    for (float one : loss.rows().of(rows, network).toFloatArray()) {
      sum += one;
    }
    return sum / rows.count();
  }

  @Test
  void traceOfARealNetworkIsThatOfFiniteDifferences() {
    Block block =
        Networks.of("conditional_mlp")
            .create(Map.of("width", 16), new NetworkTask(List.of(2L), null, 3), 4)
            .block();
    FlatParameters.initialize(manager, block);
    ParameterStore store = new ParameterStore(manager, false);
    NDArray timesteps = manager.create(new float[] {0, 1, 2, 2});
    NetworkPass network =
        new NetworkPass() {
          @Override
          public NDArray output(NDArray noisy) {
            return block.forward(store, new NDList(noisy, timesteps), false).singletonOrThrow();
          }

          @Override
          public Tangent tangent(NDArray noisy, NDArray direction) {
            NDList both =
                ((TangentNetwork) block)
                    .forwardWithTangent(store, new NDList(noisy, timesteps), direction, false);
            return new Tangent(both.get(0), both.get(1));
          }
        };
    TrainingRows rows = rows();
    float[] losses =
        Losses.create("trace_score", Map.of(), TASK).rows().of(rows, network).toFloatArray();
    float[] expected = new float[4];
    float reach = 1e-2f;
    NDArray state = rows.array(rows.noisy());
    float[] score = network.output(state).toFloatArray();
    for (int k = 0; k < 2; k++) {
      NDArray step = manager.create(k == 0 ? new float[] {reach, 0} : new float[] {0, reach});
      float[] ahead = network.output(state.add(step)).toFloatArray();
      float[] behind = network.output(state.sub(step)).toFloatArray();
      for (int row = 0; row < 4; row++) {
        int i = 2 * row + k;
        expected[row] += (ahead[i] - behind[i]) / (2 * reach) + 0.5f * score[i] * score[i];
      }
    }
    for (int row = 0; row < 4; row++) {
      expected[row] *= (float) Math.pow(SIGMAS.sigma(TIMESTEPS[row]), 2);
    }
    // The difference of floats, over 0.02, and its third derivative.
    assertArrayEquals(expected, losses, 5e-4f);
  }

  @Test
  void anotherPredictionIsRefused_andATraceOfTooManyNumbers() {
    LossTask epsilon =
        new LossTask(SIGMAS, PredictionType.EPSILON, Variance.FIXED_SMALL, TASK.data());
    IllegalArgumentException error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Losses.create("denoising_score", Map.of(), epsilon));
    assertEquals(
        "prediction_type: epsilon with loss.type denoising_score (expected: score)",
        error.getMessage());
    error =
        assertThrows(
            IllegalArgumentException.class, () -> Losses.create("trace_score", Map.of(), task(17)));
    assertTrue(
        String.valueOf(error.getMessage())
            .startsWith("loss.type: trace_score with samples of 17 numbers (expected: at most 16"),
        error.getMessage());
  }
}
