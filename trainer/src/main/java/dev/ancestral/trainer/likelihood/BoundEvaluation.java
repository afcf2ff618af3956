package dev.ancestral.trainer.likelihood;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.PredictionType;
import dev.ancestral.diffusion.likelihood.Bits;
import dev.ancestral.diffusion.likelihood.DiscretizedGaussian;
import dev.ancestral.diffusion.likelihood.Normals;
import dev.ancestral.diffusion.likelihood.ReverseKernel;
import dev.ancestral.diffusion.likelihood.VariationalBound;
import dev.ancestral.diffusion.noise.GaussianNoise;
import dev.ancestral.diffusion.noise.NoisePurpose;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates the bound of Ho et al. (2020, eq. 5) on samples: every sample is noised once to every
 * timestep, and the network is asked there.
 *
 * <p>Data with levels have the decoder of eq. 13 on their own levels; continuous data a normal
 * density. Estimates of x0 are clipped where the model's chain clips them. Stateless but for its
 * tables.
 */
public final class BoundEvaluation {
  /** Numbers in one call of the network: enough to be fast, few enough for any memory. */
  private static final int NUMBERS_A_CALL = 1 << 17;

  private static final int MOST_ROWS = 256;

  private final DataSpec data;
  private final NoiseSchedule schedule;
  private final ReverseKernel[] kernels;
  private final boolean clipped;
  private final @Nullable DiscretizedGaussian levels;
  private final Predictor predictor;

  /**
   * An evaluation of one model.
   *
   * @param model schedule, prediction, variance, clipping and data
   * @throws IllegalArgumentException if the model's chain has no bound
   */
  public BoundEvaluation(Bundle model, Predictor predictor) {
    this.data = model.data();
    this.schedule = model.scheduler().schedule();
    if (!schedule.isVariancePreserving() || schedule.timesteps() < 2) {
      throw new IllegalArgumentException(
          "schedule: %s (expected: at least 2 timesteps that end in standard normal noise, or there is no bound)"
              .formatted(
                  schedule.isVariancePreserving() ? "a single timestep" : "variance-exploding"));
    }
    this.kernels = new ReverseKernel[schedule.timesteps()];
    for (int t = 0; t < kernels.length; t++) {
      kernels[t] =
          ReverseKernel.of(
              schedule, model.scheduler().predictionType(), model.scheduler().variance(), t);
    }
    // A network that predicts the mean itself gives no estimate that a chain would clip.
    this.clipped =
        model.scheduler().clipSample()
            && model.scheduler().predictionType() != PredictionType.POSTERIOR_MEAN;
    this.levels =
        data.levels() == 0 ? null : new DiscretizedGaussian(data.min(), data.max(), data.levels());
    this.predictor = predictor;
  }

  /**
   * The bound on these samples.
   *
   * @param seed of the noise
   */
  public Likelihood measure(EvaluatedSamples of, long seed) {
    int timesteps = kernels.length;
    int elements = data.elements();
    int total = Math.multiplyExact(of.samples().size(), timesteps);
    int rowsOfCall = Math.max(1, Math.min(MOST_ROWS, NUMBERS_A_CALL / elements));
    double[][] terms = new double[of.samples().size()][timesteps];
    float[] noise = new float[elements];
    for (int first = 0; first < total; first += rowsOfCall) {
      int rows = Math.min(rowsOfCall, total - first);
      float[] noisy = new float[rows * elements];
      float[] positions = new float[rows];
      long[] labels = new long[rows];
      for (int row = 0; row < rows; row++) {
        int sample = (first + row) / timesteps;
        int t = (first + row) % timesteps;
        GaussianNoise.fill(noise, seed, NoisePurpose.EVALUATION, sample, t);
        noise(of.samples().get(sample), t, noise, noisy, row * elements);
        positions[row] = t;
        labels[row] = of.labels()[sample];
      }
      float[] output = predictor.predict(noisy, positions, labels);
      int width = output.length / rows;
      for (int row = 0; row < rows; row++) {
        int sample = (first + row) / timesteps;
        int t = (first + row) % timesteps;
        terms[sample][t] =
            bits(of.samples().get(sample), noisy, row * elements, output, row * width, t);
      }
    }
    VariationalBound bound = new VariationalBound(schedule);
    double[] priors = of.samples().stream().mapToDouble(x0 -> prior(bound, x0)).toArray();
    return new Likelihood(priors, terms);
  }

  private void noise(float[] x0, int t, float[] noise, float[] noisy, int offset) {
    double alpha = schedule.alpha(t);
    double sigma = schedule.sigma(t);
    for (int i = 0; i < x0.length; i++) {
      noisy[offset + i] = (float) (alpha * x0[i] + sigma * noise[i]);
    }
  }

  private static double prior(VariationalBound bound, float[] x0) {
    double sum = 0;
    for (float number : x0) {
      sum += bound.prior(number);
    }
    return Bits.of(sum / x0.length);
  }

  /** The term of one row at its timestep, in bits per dimension. */
  private double bits(
      float[] x0, float[] noisy, int offset, float[] output, int outputOffset, int t) {
    ReverseKernel kernel = kernels[t];
    double sum = 0;
    for (int i = 0; i < x0.length; i++) {
      double state = noisy[offset + i];
      double estimate = kernel.x0(state, output[outputOffset + i]);
      if (clipped) {
        estimate = Math.min(Math.max(estimate, data.min()), data.max());
      }
      double mean = kernel.mean(estimate, state);
      double logVariance =
          kernel.logVarianceSlope() == 0
              ? kernel.logVariance()
              : kernel.logVarianceAt(output[outputOffset + x0.length + i]);
      sum +=
          t == 0
              ? -decoded(x0[i], mean, logVariance)
              : Normals.kl(
                  kernel.mean(x0[i], state), kernel.posteriorLogVariance(), mean, logVariance);
    }
    return Bits.of(sum / x0.length);
  }

  private double decoded(double x0, double mean, double logVariance) {
    return levels == null
        ? Normals.logDensity(x0, mean, logVariance)
        : levels.logLikelihood(x0, mean, logVariance / 2);
  }

  /**
   * What a model that knows almost nothing would need, in bits per dimension: all levels equally
   * likely, or for continuous data a normal distribution for each dimension.
   */
  public double baseline(EvaluatedSamples of) {
    if (levels != null) {
      return Bits.of(Math.log(levels.levels()));
    }
    double sum = 0;
    for (int i = 0; i < data.elements(); i++) {
      int dimension = i;
      double[] values = of.samples().stream().mapToDouble(x0 -> x0[dimension]).toArray();
      double mean = Arrays.stream(values).average().orElseThrow();
      double variance =
          Arrays.stream(values).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
      sum += Normals.entropy(variance);
    }
    return Bits.of(sum / data.elements());
  }
}
