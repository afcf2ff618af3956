package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.diffusion.schedule.NoiseSchedule;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.EngineLimits;
import dev.ancestral.server.onnx.Device;
import dev.ancestral.server.onnx.OnnxRuntime;
import dev.ancestral.server.onnx.TinyOnnx;
import dev.ancestral.server.repository.ModelRepository;
import dev.ancestral.v1.SampleRequest;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A network that is the exact score of a normal distribution, in the real ONNX Runtime: every
 * sampler has to find the distribution again.
 */
@Timeout(120)
final class ScoreModelTest {
  private static final float[] MEAN = {1, -0.5f};
  private static final float VARIANCE = 0.25f;
  private static final int SAMPLES = 4000;

  /** Deviations of an estimate from SAMPLES draws, in standard errors, that the seed may have. */
  private static final double ERRORS = 4;

  private static final DataSpec POINTS = Bundles.POINTS.data();

  /** Few levels, the least of them as wide as the data, so that a walk forgets where it began. */
  private static final Bundle FEW =
      Bundles.score(POINTS, NoiseSchedule.ofSigmas(new double[] {0.5, 1, 2, 4}));

  /** From nearly nothing to far more than the data. */
  private static final Bundle MANY =
      Bundles.score(
          POINTS,
          NoiseSchedule.ofSigmas(
              IntStream.range(0, 60).mapToDouble(t -> 0.01 * Math.pow(3000, t / 59.0)).toArray()));

  private final TestServer server;

  ScoreModelTest(@TempDir Path models) throws Exception {
    TinyOnnx.gaussianScore(models.resolve("few"), FEW, MEAN, VARIANCE);
    TinyOnnx.gaussianScore(models.resolve("many"), MANY, MEAN, VARIANCE);
    server =
        new TestServer(
            ModelRepository.load(
                models, new OnnxRuntime(Device.cpu("a test"), 1), EngineLimits.DEFAULTS));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private static SampleRequest.Builder request(String model, String sampler) {
    return SampleRequest.newBuilder()
        .setModel(model)
        .setSampler(sampler)
        .setSeed(5)
        .setNumSamples(SAMPLES);
  }

  /** The samples, a row a feature. */
  private double[][] draw(SampleRequest.Builder request) {
    double[][] features = new double[MEAN.length][request.getNumSamples()];
    server.sample(request.build()).stream()
        .filter(response -> response.hasSample())
        .map(response -> response.getSample())
        .forEach(
            sample -> {
              FloatBuffer numbers =
                  sample
                      .getData()
                      .getFloat32()
                      .asReadOnlyByteBuffer()
                      .order(ByteOrder.LITTLE_ENDIAN)
                      .asFloatBuffer();
              for (int feature = 0; feature < MEAN.length; feature++) {
                features[feature][sample.getSampleIndex()] = numbers.get(feature);
              }
            });
    return features;
  }

  /**
   * The samples are normal around MEAN with this variance.
   *
   * @param bias of the variance, relative, that the chain's finite steps may have
   */
  private void assertNormal(double variance, double bias, SampleRequest.Builder request) {
    double[][] features = draw(request);
    for (int feature = 0; feature < MEAN.length; feature++) {
      double mean = Arrays.stream(features[feature]).average().orElseThrow();
      assertEquals(
          MEAN[feature], mean, ERRORS * Math.sqrt(variance / SAMPLES), "mean of " + feature);
      double spread =
          Arrays.stream(features[feature]).map(x -> (x - mean) * (x - mean)).sum() / (SAMPLES - 1);
      assertEquals(
          variance,
          spread,
          variance * (bias + ERRORS * Math.sqrt(2.0 / SAMPLES)),
          "variance of " + feature);
    }
  }

  /** What a walk with this step size settles at: V/(1 - ε/(4V)), which is V for small steps. */
  private static double settled(double variance, double stepSize) {
    return variance / (1 - stepSize / (4 * variance));
  }

  @Test
  void langevinWalksThroughTheLeastNoisyDistribution() {
    double least = VARIANCE + 0.5 * 0.5;
    assertNormal(
        settled(least, 0.125),
        0,
        request("few", "langevin").setStepSize(0.125).setDecay(1).setSteps(60));
  }

  @Test
  void annealedLangevinGetsThereFromPureNoise() {
    double least = VARIANCE + 0.5 * 0.5;
    assertNormal(
        settled(least, 0.125),
        0,
        request("few", "annealed-langevin").setStepSize(0.125).setSteps(160));
  }

  @Test
  void withoutTemperatureAWalkEndsAtTheMode() {
    double[][] features =
        draw(
            request("few", "annealed-langevin")
                .setNumSamples(20)
                .setStepSize(0.125)
                .setTemperature(0)
                .setSteps(400));
    for (int feature = 0; feature < MEAN.length; feature++) {
      for (double x : features[feature]) {
        assertEquals(MEAN[feature], x, 1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ddpm", "ddim", "dpmpp-2m", "unipc", "ipndm", "euler"})
  void samplersOfChainsFindTheData(String sampler) {
    assertNormal(VARIANCE, 0.06, request("many", sampler).setSteps(60));
  }
}
