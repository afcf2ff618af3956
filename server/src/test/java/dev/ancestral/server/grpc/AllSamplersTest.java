package dev.ancestral.server.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.diffusion.sampler.Variance;
import dev.ancestral.server.Bundles;
import dev.ancestral.server.engine.ChainRequest;
import dev.ancestral.server.engine.Chains;
import dev.ancestral.server.engine.FakeDenoiser;
import dev.ancestral.v1.Sample;
import dev.ancestral.v1.SampleRequest;
import dev.ancestral.v1.SampleResponse;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the registry has is served. */
@Timeout(60)
final class AllSamplersTest {
  private static final long SEED = 23;
  private static final int SAMPLES = 5;
  private static final int STEPS = 12;

  static Stream<Arguments> everySamplerOfEveryModel() {
    return Stream.of(
            Arguments.of(Bundles.DIGITS, 1.0),
            Arguments.of(Bundles.DIGITS, 2.5),
            Arguments.of(Bundles.withVariance(Bundles.UNCONDITIONAL, Variance.LEARNED_RANGE), 1.0),
            Arguments.of(Bundles.withVariance(Bundles.DIGITS, Variance.LEARNED_RANGE), 0.5),
            Arguments.of(Bundles.SCORE, 1.0),
            Arguments.of(Bundles.fitted(Bundles.DIGITS, STEPS), 1.0),
            Arguments.of(Bundles.fitted(Bundles.DIGITS, STEPS), 3.0),
            Arguments.of(Bundles.fitted(Bundles.POINTS, STEPS), 1.0))
        .flatMap(
            model -> {
              Bundle bundle = (Bundle) model.get()[0];
              return Samplers.namesFor(bundle.model()).stream()
                  .map(
                      sampler ->
                          Arguments.of(
                              sampler,
                              bundle.scheduler().predictionType().label(),
                              bundle,
                              model.get()[1]));
            });
  }

  @ParameterizedTest(name = "{0} on {1}, guidance {3}")
  @MethodSource("everySamplerOfEveryModel")
  void everySamplerIsServed_asAPlainLoopRunsIt(
      String sampler, String prediction, Bundle bundle, double weight) {
    boolean conditional = bundle.conditioning() != null;
    FakeDenoiser denoiser =
        new FakeDenoiser(
            bundle.data().shape(), conditional, bundle.scheduler().variance().isLearned(), 4);
    SampleRequest.Builder request =
        SampleRequest.newBuilder()
            .setSampler(sampler)
            .setSteps(Math.min(STEPS, bundle.scheduler().schedule().timesteps()))
            .setSeed(SEED)
            .setNumSamples(SAMPLES);
    if (conditional) {
      request.addLabels(1).setGuidanceWeight(weight);
    }
    ChainRequest chain =
        new RequestResolver(() -> 0).resolve(request.build(), "digits", bundle, SAMPLES).chain();
    List<Sample> samples;
    try (TestServer server = TestServer.of(bundle, denoiser)) {
      samples =
          server.sample(request.build()).stream()
              .filter(SampleResponse::hasSample)
              .map(SampleResponse::getSample)
              .toList();
    }
    assertEquals(SAMPLES, samples.size());
    for (Sample sample : samples) {
      assertArrayEquals(
          Chains.plainLoop(
              chain.plan(),
              SEED,
              sample.getSampleIndex(),
              chain.labels().get(0),
              chain.guidance(),
              bundle.data().elements()),
          floats(sample));
    }
  }

  private static float[] floats(Sample sample) {
    float[] numbers = new float[sample.getData().getFloat32().size() / Float.BYTES];
    sample
        .getData()
        .getFloat32()
        .asReadOnlyByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(numbers);
    return numbers;
  }
}
